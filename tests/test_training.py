"""Readout, loss, clipping and optimisers: gradients by differences, updates by hand, and cells that learn."""

import numpy as np
import pytest

from lstm_lib import (
    SGD,
    TASKS,
    Adam,
    Batch,
    Network,
    chrono_bias,
    clip_by_global_norm,
    fit,
    lstm_forward,
    orthogonal,
    train_step,
    unexplained,
)


class Still:
    """An optimiser that moves nothing, so that a gradient can be looked at."""

    def update(self, theta, gradient):
        pass


def network(seed=0, cell="lstm", task="latch", H=3, **more):
    task = TASKS[task]
    return Network(task.input_size, H, task.output_size, np.random.default_rng(seed), cell=cell, **more)


def mean_error(net, batch):
    wanted = batch.mask[..., None] * (net.predict(batch.x) - batch.target) ** 2
    return wanted.sum() / (batch.mask.sum() * batch.target.shape[-1])


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize("task", ["latch", "noise"])
def test_the_whole_gradient_by_differences(cell, task):
    net = network(1, cell, task)
    batch = TASKS[task].draw(np.random.default_rng(2), 6, 4)
    record = train_step(net, batch, Still())
    assert record.loss == pytest.approx(mean_error(net, batch)) and record.finite
    got, wanted = net.gradient.copy(), np.zeros_like(net.gradient)
    for k in range(len(net.theta)):
        for sign in (1, -1):
            net.theta[k] += sign * 1e-6
            wanted[k] += sign * mean_error(net, batch) / 2e-6
            net.theta[k] -= sign * 1e-6
    np.testing.assert_allclose(got, wanted, atol=2e-8)
    assert record.norm == pytest.approx(np.linalg.norm(wanted), rel=1e-6)


def test_the_network_is_the_cell_with_a_readout():
    net = network(3)
    x = np.random.default_rng(4).normal(size=(7, 2, 3))
    h = lstm_forward(net.params, x).h
    np.testing.assert_allclose(net.predict(x), h @ net.V.T + net.c, atol=1e-13)
    net.W[:] += 1
    assert (net.theta != network(3).theta).any(), "W is a view of θ"


def test_buffers_are_used_again_and_leak_nothing_from_one_batch_to_the_next():
    net, rng = network(5), np.random.default_rng(6)
    a, b = (TASKS["latch"].draw(rng, 9, 4) for _ in range(2))
    train_step(net, a, Still())
    first, held = net.gradient.copy(), net.buffers(9, 4)
    train_step(net, b, Still())
    assert net.buffers(9, 4) is not None and net.buffers(9, 4)[0] is held[0]
    train_step(net, TASKS["latch"].draw(rng, 5, 2), Still())
    train_step(net, a, Still())
    np.testing.assert_array_equal(net.gradient, first)


def test_what_reaches_each_h_is_recorded():
    net = network(7, task="delayed recall", forget_bias=5.0)
    record = train_step(net, TASKS["delayed recall"].draw(np.random.default_rng(8), 30, 8), Still())
    assert record.reach.shape == (30,) and (record.reach > 0).all() and record.reach[-1] == record.reach.max()


def test_a_clamped_network_holds_its_gate_and_learns_around_it():
    net = network(9, clamp={"f": 1.0})
    batch = TASKS["latch"].draw(np.random.default_rng(10), 8, 4)
    train_step(net, batch, Still())
    assert (net.gradients["W"][:3] == 0).all() and (net.gradients["W"][3:] != 0).any()
    trace = lstm_forward(net.params, batch.x, clamp={"f": 1.0})
    np.testing.assert_allclose(net.predict(batch.x), trace.h @ net.V.T + net.c, atol=1e-13)
    with pytest.raises(ValueError, match="no gates to hold"):
        network(cell="rnn", clamp={"f": 1.0})
    with pytest.raises(ValueError, match="cell: expected 'lstm' or 'rnn', got 'gru'"):
        network(cell="gru")


def test_clipping_keeps_the_direction_and_the_small():
    g = np.array([3.0, 4.0])
    assert clip_by_global_norm(g, 10) == 5 and (g == [3, 4]).all()
    assert clip_by_global_norm(g, 1) == 1
    np.testing.assert_allclose(g, [0.6, 0.8])
    with pytest.raises(ValueError, match="limit: expected a number above 0"):
        clip_by_global_norm(g, 0)


def test_clipping_is_recorded():
    net = network(11)
    batch = TASKS["latch"].draw(np.random.default_rng(12), 8, 4)
    free = train_step(net, batch, Still())
    held = train_step(net, batch, Still(), clip=free.norm / 2)
    assert free.clipped == free.norm == held.norm and held.clipped == pytest.approx(free.norm / 2)


def test_sgd_and_momentum_by_hand():
    theta = np.array([1.0])
    sgd = SGD(rate=0.1, momentum=0.5)
    for g, wanted in ((2.0, 0.8), (2.0, 0.5)):
        sgd.update(theta, np.array([g]))
        assert theta[0] == pytest.approx(wanted)


def test_adam_by_hand():
    theta, adam, m, v = np.array([1.0, -2.0]), Adam(rate=0.1), 0.0, 0.0
    wanted = theta.copy()
    for t in range(1, 6):
        g = np.array([0.3 * t, -1.0])
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        wanted -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        adam.update(theta, g)
        np.testing.assert_allclose(theta, wanted, rtol=1e-12)


def test_orthogonal_and_chrono():
    Q = orthogonal(np.random.default_rng(0), 6, blocks=2)
    for block in np.split(Q, 2):
        np.testing.assert_allclose(block @ block.T, np.eye(6), atol=1e-12)
    b_f, b_i = chrono_bias(np.random.default_rng(0), 1000, longest=100)
    assert (
        (b_f >= 0).all() and b_f.max() <= np.log(99) and (b_i == -b_f).all() and np.median(b_f) > np.log(40)
    )
    with pytest.raises(ValueError, match="longest: expected at least 3"):
        chrono_bias(np.random.default_rng(0), 3, 2)


def run(task, steps, T=20, H=8, seed=0, cell="lstm", clip=1.0, rate=0.01, **more):
    rng = np.random.default_rng(seed)
    net = network(seed, cell, task, H, **more)
    return list(fit(net, lambda: TASKS[task].draw(rng, T, 32), Adam(rate), steps, clip))


def test_delayed_recall_is_learned_with_a_forget_bias_and_not_without():
    """T = 100: b_f = 3 solves it within 161 updates, b_f = 0 stays at chance (loss 1)."""
    assert run("delayed recall", 161, T=100, forget_bias=3.0)[-1].loss < 0.05
    assert run("delayed recall", 161, T=100, forget_bias=0.0)[-1].loss > 0.8


def test_records_count_and_losses_fall():
    records = run("sum since reset", 150, forget_bias=2.0)
    assert [r.step for r in records] == list(range(1, 151))
    assert np.mean([r.loss for r in records[-10:]]) < 0.3 * np.mean([r.loss for r in records[:10]])


def test_training_is_the_same_on_every_run():
    assert [r.loss for r in run("latch", 10)] == [r.loss for r in run("latch", 10)]


def test_float32_trains_too():
    records = run("latch", 20, dtype=np.float32)
    double = run("latch", 20)
    np.testing.assert_allclose([r.loss for r in records], [r.loss for r in double], rtol=1e-3)


def test_a_diverging_run_says_so_ends_and_changes_nothing_more():
    rng = np.random.default_rng(0)
    net = network(cell="rnn", task="adding", H=8)
    net.W[:] *= 1e200
    net.V[:] = 1e200
    before = net.theta.copy()
    records = list(fit(net, lambda: TASKS["adding"].draw(rng, 10, 4), Adam(), 5))
    assert len(records) == 1 and not records[-1].finite
    np.testing.assert_array_equal(net.theta, before)


def test_nan_in_the_data_is_told_by_the_record():
    net = network(1)
    batch = TASKS["latch"].draw(np.random.default_rng(2), 6, 4)
    bad = Batch(batch.x, np.full_like(batch.target, np.nan), batch.mask)
    before = net.theta.copy()
    assert not train_step(net, bad, Adam()).finite
    np.testing.assert_array_equal(net.theta, before)


def test_unexplained_is_a_share_of_the_variance():
    net = network(1, task="delayed recall")
    batch = TASKS["delayed recall"].draw(np.random.default_rng(2), 10, 200)
    net.V[:], net.c[:] = 0, batch.target[-1].mean()
    assert unexplained(net, batch) == pytest.approx(1.0)
    net.c[:] = 100
    assert unexplained(net, batch) > 5000
    shown = batch.target[-1, :, 0]
    y = net.predict(batch.x)[-1, :, 0]
    assert unexplained(net, batch) == pytest.approx(
        ((y - shown) ** 2).sum() / ((shown - shown.mean()) ** 2).sum()
    )
