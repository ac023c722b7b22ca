"""Networks, losses, clipping and optimisers: gradients by differences, updates by hand, and training."""

import copy
import pickle

import numpy as np
import pytest

from lstm_lib import (
    KINDS,
    SGD,
    TASKS,
    Adam,
    Batch,
    Network,
    central_differences,
    clip_by_global_norm,
    cross_entropy,
    fit,
    fraction_unexplained,
    loss_and_gradient,
    lstm_forward,
    train_step,
)


def network(seed=0, cell="LSTM", task="latch", H=3, **more):
    task = TASKS[task]
    return Network(task.input_size, H, task.output_size, np.random.default_rng(seed), cell=cell, **more)


def mean_error(net, batch):
    wanted = batch.mask[..., None] * (net.predict(batch.x) - batch.target) ** 2
    return wanted.sum() / (batch.mask.sum() * batch.target.shape[-1])


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("task", ["latch", "noise"])
def test_all_gradients_by_differences(cell, task):
    net = network(1, cell, task)
    batch = TASKS[task].draw(np.random.default_rng(2), 6, 4)
    record = loss_and_gradient(net, batch)
    assert record.loss == pytest.approx(mean_error(net, batch)) and record.finite

    def loss(theta):
        net.theta[:] = theta
        return mean_error(net, batch)

    wanted = central_differences(loss, net.theta.copy())
    np.testing.assert_allclose(record.gradient, wanted, atol=5e-8)
    assert record.norm == pytest.approx(np.linalg.norm(wanted), rel=1e-6)


def test_the_network_is_the_cell_with_a_readout():
    net = network(3)
    x = np.random.default_rng(4).normal(size=(7, 2, 3))
    h = lstm_forward(net.params, x).h
    np.testing.assert_allclose(net.predict(x), h @ net.V.T + net.c, atol=1e-13)
    net.W[:] += 1
    assert (net.theta != network(3).theta).any(), "W is a view of θ"


def test_the_gradient_of_each_h_is_recorded():
    net = network(7, task="delayed recall", forget_bias=5.0)
    record = loss_and_gradient(net, TASKS["delayed recall"].draw(np.random.default_rng(8), 30, 8))
    assert record.reach.shape == (30,) and (record.reach > 0).all() and record.reach[-1] == record.reach.max()


def test_a_clamped_gate_is_not_trained():
    net = network(9, clamp={"f": 1.0})
    batch = TASKS["latch"].draw(np.random.default_rng(10), 8, 4)
    dW = net.parts(loss_and_gradient(net, batch).gradient)["W"]
    assert (dW[:3] == 0).all() and (dW[3:] != 0).any()
    trace = lstm_forward(net.params, batch.x, clamp={"f": 1.0})
    np.testing.assert_allclose(net.predict(batch.x), trace.h @ net.V.T + net.c, atol=1e-13)
    with pytest.raises(ValueError, match=r"clamp: expected keys from \['h'\], got 'f'"):
        network(cell="RNN", clamp={"f": 1.0})
    with pytest.raises(ValueError, match="cell: expected one of LSTM, .*; got 'gru'"):
        network(cell="gru")


def test_clipping_keeps_the_direction_and_small_gradients():
    g = np.array([3.0, 4.0])
    assert clip_by_global_norm(g, 10) == 5 and (g == [3, 4]).all()
    assert clip_by_global_norm(g, 1) == 1
    np.testing.assert_allclose(g, [0.6, 0.8])
    with pytest.raises(ValueError, match="max_norm: expected a number above 0"):
        clip_by_global_norm(g, 0)


def test_clipping_is_recorded():
    net = network(11)
    batch = TASKS["latch"].draw(np.random.default_rng(12), 8, 4)
    free = loss_and_gradient(net, batch)
    held = train_step(net, batch, SGD(0.0), max_norm=free.norm / 2)
    assert free.clipped == free.norm == held.norm and held.clipped == pytest.approx(free.norm / 2)


def test_sgd_by_hand():
    theta = np.array([1.0])
    sgd = SGD(learning_rate=0.1)
    for g, wanted in ((2.0, 0.8), (-3.0, 1.1)):
        sgd.update(theta, np.array([g]))
        assert theta[0] == pytest.approx(wanted)


def test_adam_by_hand():
    theta, adam, m, v = np.array([1.0, -2.0]), Adam(learning_rate=0.1), 0.0, 0.0
    wanted = theta.copy()
    for t in range(1, 6):
        g = np.array([0.3 * t, -1.0])
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        wanted -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        adam.update(theta, g)
        np.testing.assert_allclose(theta, wanted, rtol=1e-12)


def run(task, steps, T=20, H=8, seed=0, cell="LSTM", **more):
    rng = np.random.default_rng(seed)
    net = network(seed, cell, task, H, **more)
    return list(fit(net, lambda: TASKS[task].draw(rng, T, 32), Adam(0.01), steps, 1.0))


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


def test_a_diverging_run_ends_and_changes_nothing():
    rng = np.random.default_rng(0)
    net = network(cell="RNN", task="adding", H=8)
    net.W[:] *= 1e200
    net.V[:] = 1e200
    before = net.theta.copy()
    records = list(fit(net, lambda: TASKS["adding"].draw(rng, 10, 4), Adam(), 5))
    assert len(records) == 1 and not records[-1].finite
    np.testing.assert_array_equal(net.theta, before)


def test_weights_that_overflow_end_the_run():
    """With a learning rate that makes θ infinite, the next record is not finite."""
    for cell in ("LSTM", "RNN"):
        net, rng = network(cell=cell, task="adding", H=4), np.random.default_rng(0)
        with np.errstate(over="ignore", invalid="ignore"):
            records = list(fit(net, lambda rng=rng: TASKS["adding"].draw(rng, 10, 4), SGD(1e308), 50))
        assert len(records) < 50 and not records[-1].finite


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": np.zeros((0, 4, 3))}, "x: expected at least one number"),
        ({"x": np.zeros((6, 0, 3))}, "x: expected at least one number"),
        ({"x": np.zeros((6, 3))}, r"x: expected shape \(T, B, D\), got \(6, 3\)"),
        ({"target": np.zeros((6, 5, 1))}, r"target: expected shape \(6, 4, O\) \(beside x"),
        ({"mask": np.zeros((5, 4))}, r"mask: expected shape \(6, 4\)"),
        ({"mask": np.zeros((6, 4))}, "mask: expected 1 at each step with a target"),
        ({"x": np.full((6, 4, 3), np.nan)}, r"x: expected finite numbers, got NaN or infinity at index \[0, 0, 0\]"),
        ({"target": np.full((6, 4, 1), np.inf)}, "target: expected finite numbers"),
        ({"x": [["a"]]}, "x: expected numbers, got text"),
    ],
)  # fmt: skip
def test_a_batch_of_wrong_shapes_is_named(change, words):
    whole = TASKS["latch"].draw(np.random.default_rng(2), 6, 4)
    with pytest.raises(ValueError, match=words):
        Batch(**{name: change.get(name, getattr(whole, name)) for name in ("x", "target", "mask")})


def test_a_batch_of_other_sizes_than_the_network_is_named():
    net, batch = network(1, task="latch"), TASKS["adding"].draw(np.random.default_rng(2), 6, 4)
    with pytest.raises(
        ValueError, match=r"batch.x: expected shape \(T, B, 3\) \(input_size=3\), got \(6, 4, 2\)"
    ):
        train_step(net, batch, Adam())
    with pytest.raises(ValueError, match=r"x: expected shape \(T, B, 3\)"):
        net.predict(batch.x)
    wide = Batch(np.zeros((6, 4, 3)), np.zeros((6, 4, 2)), np.ones((6, 4)))
    with pytest.raises(ValueError, match=r"batch.target: expected shape \(6, 4, 1\)"):
        train_step(net, wide, Adam())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 3, 1), "input_size: expected a whole number of at least 1, got 0"),
        ((2, 2.0, 1), "hidden_size: expected a whole number of at least 1, got 2.0"),
        ((2, 3, True), "output_size: expected a whole number"),
    ],
)
def test_sizes_of_a_network_are_checked(arguments, words):
    with pytest.raises(ValueError, match=words):
        Network(*arguments, np.random.default_rng(0))
    with pytest.raises(ValueError, match="rng: expected np.random.default_rng"):
        Network(2, 3, 1, 0)
    with pytest.raises(ValueError, match="dtype: expected float64 or float32, got <class 'numpy.int64'>"):
        Network(2, 3, 1, np.random.default_rng(0), dtype=np.int64)


@pytest.mark.parametrize("cell", ["LSTM", "RNN"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_other_types_and_memory_layouts_give_the_same(cell, dtype):
    """Lists, integers, float32 and other memory layouts are accepted, and not changed."""
    rng = np.random.default_rng(3)
    x, target, mask = (
        rng.integers(-2, 3, (7, 4, 2)),
        rng.integers(-1, 2, (7, 4, 1)),
        rng.integers(0, 2, (7, 4)),
    )
    mask[-1] = 1
    forms = [
        (x, target, mask),
        (x.tolist(), target.tolist(), mask.astype(bool)),
        tuple(a.astype(np.float32) for a in (x, target, mask)),
        tuple(np.repeat(a.astype(float), 2, axis=0)[::2] for a in (x, target, mask)),
        tuple(np.asfortranarray(a.astype(float)) for a in (x, target, mask)),
    ]
    wanted = None
    for arrays in forms:
        before = [np.array(a, copy=True) for a in arrays]
        net = network(4, cell, "adding", dtype=dtype)
        record = loss_and_gradient(net, Batch(*arrays))
        wanted = record.gradient if wanted is None else wanted
        np.testing.assert_array_equal(record.gradient, wanted)
        assert record.gradient.dtype == dtype and record.finite
        for array, kept in zip(arrays, before, strict=True):
            np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("cell", ["LSTM", "RNN"])
def test_one_step_and_one_sequence_are_enough(cell):
    net = network(5, cell, "noise")
    record = train_step(net, TASKS["noise"].draw(np.random.default_rng(0), 1, 1), Adam())
    assert record.finite and record.reach.shape == (1,)


def test_cross_entropy_by_differences_and_by_hand():
    rng = np.random.default_rng(6)
    y, classes = rng.normal(size=(3, 2, 4)), rng.integers(0, 4, (3, 2))
    batch = Batch(np.zeros((3, 2, 1)), np.eye(4)[classes], [[1, 0], [1, 1], [0, 1]])
    loss, dy = cross_entropy(y, batch)
    shares = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
    by_hand = -np.log(np.take_along_axis(shares, classes[..., None], -1)[..., 0])
    assert loss == pytest.approx((by_hand * batch.mask).sum() / 4)
    for at in np.ndindex(y.shape):
        moved = [y.copy(), y.copy()]
        moved[0][at] += 1e-6
        moved[1][at] -= 1e-6
        slope = (cross_entropy(moved[0], batch)[0] - cross_entropy(moved[1], batch)[0]) / 2e-6
        assert dy[at] == pytest.approx(slope, abs=1e-9)
    assert np.isfinite(cross_entropy(1e4 * y, batch)[0]), "no overflow"


def test_a_network_learns_classes():
    """Which of three symbols came first? Cross-entropy from ln 3 to next to nothing."""
    rng = np.random.default_rng(7)

    def draw():
        symbol = np.eye(3)[rng.integers(0, 3, (8, 32))]
        mask = np.zeros((8, 32))
        mask[-1] = 1
        return Batch(symbol, np.broadcast_to(symbol[0], symbol.shape), mask)

    net = Network(3, 8, 3, rng, forget_bias=3.0)
    records = list(fit(net, draw, Adam(0.03), 150, max_norm=1.0, loss=cross_entropy))
    assert records[0].loss == pytest.approx(np.log(3), abs=0.1) and records[-1].loss < 0.1


def test_a_copy_and_an_assigned_theta_can_be_trained():
    batch = TASKS["latch"].draw(np.random.default_rng(2), 8, 16)
    net = network(1)
    first = loss_and_gradient(net, batch).loss
    for made in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert loss_and_gradient(made, batch).loss == first
        for _ in range(20):
            train_step(made, batch, Adam(0.03))
        assert (
            loss_and_gradient(made, batch).loss < 0.9 * first and loss_and_gradient(net, batch).loss == first
        )
    kept = net.theta.copy()
    for _ in range(20):
        net.theta = net.theta - 0.1 * loss_and_gradient(net, batch).gradient
    assert loss_and_gradient(net, batch).loss < first
    net.theta = kept
    assert loss_and_gradient(net, batch).loss == first and (net.W.ravel() == kept[: net.W.size]).all()


def test_an_exploding_gradient_has_a_norm():
    for dtype, big in ((np.float64, 1e200), (np.float32, 1e30)):
        g = np.array([3 * big, 4 * big], dtype)
        assert clip_by_global_norm(g, 1.0) == 1.0
        np.testing.assert_allclose(g, [0.6, 0.8], rtol=1e-6)
    for bad in ([np.inf, 1.0], [np.nan, 1.0]):
        g = np.array(bad)
        with pytest.raises(ValueError, match="gradient: expected finite numbers"):
            clip_by_global_norm(g, 1.0)
        np.testing.assert_array_equal(g, bad)
    net = Network(2, 4, 1, np.random.default_rng(0), cell="RNN", dtype=np.float32)
    net.W[:, :4] = 3 * np.eye(4)
    batch = Batch(np.zeros((60, 3, 2)), np.ones((60, 3, 1)), np.ones((60, 3)))
    record = train_step(net, batch, Adam(), max_norm=1.0)
    assert (
        record.finite
        and 1e20 < record.norm < np.inf
        and record.clipped == 1.0
        and np.isfinite(record.reach).all()
    )


def test_a_wrong_gradient_is_refused():
    net, batch = network(1, task="adding"), TASKS["adding"].draw(np.random.default_rng(2), 6, 4)
    with pytest.raises(ValueError, match=r"∂loss/∂y: expected shape \(6, 4, 1\) \(like y\), got \(1, 4, 1\)"):
        loss_and_gradient(net, batch, loss=lambda y, batch: (float(y[-1].sum()), np.ones((1, 4, 1))))
    for O, target in ((1, 1.0), (3, 0.0), (3, 0.5)):  # noqa: E741
        classes = Batch(np.zeros((6, 4, 2)), np.full((6, 4, O), target), np.ones((6, 4)))
        with pytest.raises(
            ValueError, match="target: cross_entropy expects probabilities of 2 classes or more"
        ):
            loss_and_gradient(Network(2, 3, O, np.random.default_rng(0)), classes, loss=cross_entropy)


def test_a_loss_that_is_not_finite_gives_nan_gradients():
    net = network(1)
    batch = TASKS["latch"].draw(np.random.default_rng(2), 6, 4)
    record = loss_and_gradient(net, Batch(batch.x, np.full_like(batch.target, 1e200), batch.mask))
    assert not record.finite and np.isnan(record.gradient).all()


def test_a_batch_is_copied_and_compares_by_identity():
    x, target, mask = np.ones((3, 2, 1)), np.ones((3, 2, 1)), np.ones((3, 2))
    batch = Batch(x, target, mask)
    x[:] = np.nan
    assert (batch.x == 1).all() and not batch.x.flags.writeable
    assert batch == batch and batch != Batch(target, target, mask) and hash(batch)
    held = np.full(3, 0.5)
    net = network(1, clamp={"f": held})
    held[:] = 7
    assert (net.clamp["f"] == 0.5).all()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SGD(np.nan), "learning_rate: expected a number from 0"),
        (lambda: SGD(-1), "learning_rate: expected a number from 0"),
        (lambda: Adam(None), "learning_rate: expected a number"),
        (lambda: network(forget_bias=np.nan), "forget_bias: expected finite"),
        (lambda: network(forget_bias="a"), "forget_bias: expected numbers, got text"),
        (lambda: network(forget_bias=[1, 2]), r"forget_bias: expected shape \(\) or \(3,\)"),
        (lambda: network(dtype="abc"), "dtype: expected float64 or float32, got 'abc'"),
        (lambda: list(fit(network(), None, Adam(), 2.5)), "steps: expected a whole number of at least 1, got 2.5"),
        (lambda: train_step(network(), (1, 2, 3), Adam()), "batch: expected a Batch, got tuple"),
        (lambda: train_step(network(), None, "Adam"), r"optimiser: expected an object with update.* got 'Adam'"),
        (lambda: train_step(network(), None, Adam), "optimiser: expected an object with update"),
        (lambda: TASKS["latch"].draw(0, 5, 5), "rng: expected np.random.default_rng"),
        (lambda: TASKS["latch"].draw(np.random.default_rng(0), True, 5), "T: expected a whole number"),
        (lambda: clip_by_global_norm([3.0, 4.0], 1), "gradient: expected an array of floats, .* got list"),
        (lambda: clip_by_global_norm(np.array([3, 4]), 1), "gradient: .* got an array of int64"),
        (lambda: clip_by_global_norm(np.ones(2), "1"), "max_norm: expected a number above 0"),
        (lambda: fraction_unexplained(network(), TASKS["noise"].draw(np.random.default_rng(0), 5, 5)), "batch.target"),
        (lambda: fraction_unexplained(network(), Batch(np.ones((2, 2, 3)), np.ones((2, 2, 1)), np.ones((2, 2)))), "vary"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_an_adam_is_for_one_network():
    optimiser, batch = Adam(), TASKS["latch"].draw(np.random.default_rng(2), 6, 4)
    train_step(network(H=3), batch, optimiser)
    with pytest.raises(ValueError, match="use a new optimiser for a new network"):
        train_step(network(H=2), batch, optimiser)


def test_fraction_unexplained_by_hand():
    net = network(1, task="delayed recall")
    batch = TASKS["delayed recall"].draw(np.random.default_rng(2), 10, 200)
    net.V[:], net.c[:] = 0, batch.target[-1].mean()
    assert fraction_unexplained(net, batch) == pytest.approx(1.0)
    net.c[:] = 100
    assert fraction_unexplained(net, batch) > 5000
    shown = batch.target[-1, :, 0]
    y = net.predict(batch.x)[-1, :, 0]
    assert fraction_unexplained(net, batch) == pytest.approx(
        ((y - shown) ** 2).sum() / ((shown - shown.mean()) ** 2).sum()
    )
