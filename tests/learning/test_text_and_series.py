"""Words, padding, time series, chunks, and files."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from tiers import quick

from lstm_lib import (
    KINDS,
    SGD,
    TASKS,
    Adam,
    Batch,
    Kind,
    Network,
    central_differences,
    fit,
    loss_and_gradient,
    train_step,
)
from lstm_lib.learning.series import Scaler, closed_loop, pinball
from lstm_lib.learning.text import Vocabulary, normalised, padded, respelt, unread, words_of
from lstm_lib.learning.train import train_in_chunks

SOME = ("LSTM", "RNN", "sLSTM", "FGR")
"""With two states, one, four, and one of another size. No code tested here depends on the kind: `make proof` runs all."""
ALL = pytest.mark.parametrize("cell", quick(KINDS, SOME))


def network(cell="LSTM", D=2, O=1, seed=0, **more):  # noqa: E741
    net = Network(D, 3, O, np.random.default_rng(seed), cell, **more)
    net.theta[:] = np.random.default_rng(seed + 1).normal(size=net.theta.shape)
    return net


# --- words ---------------------------------------------------------------------------------------------------


def test_words_of_a_sentence():
    assert words_of("I DON'T like it, at all!") == ["i", "don't", "like", "it", "at", "all", "!"]
    assert words_of("I don’t: naïve café_noir") == ["i", "don't", "naïve", "café", "noir"]
    assert words_of("  …  ") == []
    assert words_of("फिल्म अच्छी थी। cafe\u0301") == ["फिल्म", "अच्छी", "थी", "café"], "marks continue a word"
    assert words_of("rock 'n' roll, o'clock") == ["rock", "n", "roll", "o'clock"]
    assert unread("good_film: 😀!") == [":", "😀"]
    with pytest.raises(ValueError, match="^text: expected a sentence, got int"):
        words_of(3)


def test_words_are_read_from_what_looks_alike():
    for typed, read in {
        "wasn&#39;t": ["wasn't"], "wasn&#x27;t": ["wasn't"], "wasn&rsquo;t": ["wasn't"], "wasn&amp;#39;t": ["wasn't"],
        "no\u00adt": ["not"], "no\u200bt": ["not"], "\ufeffnot": ["not"], "wasn′t": ["wasn't"], "wasnâ€™t": ["wasn't"],
        "cafÃ©": ["café"], "äöü «été»": ["äöü", "été"],
        "ﬁlm": ["film"], "ＧＯＯＤ": ["good"], "𝐠𝐨𝐨𝐝": ["good"], "cafe\u0301": ["café"], "good&nbsp;film": ["good", "film"],
        "&not good": ["not", "good"], "R&D": ["r", "d"], "AT&T;": ["at", "t"], "™": [], "½": ["½"],
    }.items():  # fmt: skip
        assert words_of(typed) == read, typed
        assert words_of(normalised(typed)) == read
    assert respelt(["no\u00adt so fine", "wasn‘t"]) == {"no\u00adt": "not", "wasn‘t": "wasn't"}
    assert words_of("fine！ really？ caf√© “École” don''t ''so'' ５") == [
        "fine",
        "!",
        "really",
        "?",
        "café",
        "école",
        "don't",
        "so",
        "5",
    ]
    assert normalised(bomb := f"&#{'9' * 5000};").endswith(bomb[-9:]), "no letter has such a number"
    assert respelt(["it wasn't fine & 10 < 11"]) == {}


def test_a_vocabulary_has_the_frequent_words_first():
    words = Vocabulary(["the film was", "the film was", "the END"])
    assert words.words == ("<unknown>", "the", "film", "was", "end") and len(words) == 5
    assert words.indices("The unseen was").tolist() == [1, 0, 3]
    with pytest.raises(ValueError, match="^texts: expected at least one word"):
        Vocabulary(["…"])


@ALL
def test_padding_changes_nothing(cell):
    rng, net = np.random.default_rng(4), network(cell)
    lengths = (3, 1, 6, 4)
    sequences = [rng.normal(size=(n, 2)) for n in lengths]
    targets = rng.normal(size=(4, 1))
    whole = padded(sequences, targets)
    together = loss_and_gradient(net, whole).gradient
    alone = [loss_and_gradient(net, padded([s], [t])) for s, t in zip(sequences, targets, strict=True)]
    np.testing.assert_allclose(together, np.mean([r.gradient for r in alone], axis=0), rtol=0, atol=1e-12)
    y = net.predict(whole.x)
    for k, sequence in enumerate(sequences):
        np.testing.assert_allclose(
            y[: lengths[k], k], net.predict(padded([sequence], [[0]]).x)[:, 0], atol=1e-12
        )
    _, reached = net.backward(net.forward(whole.x), whole.mask[..., None] * (y - whole.target))
    for k, n in enumerate(lengths):
        assert (reached[n:, k] == 0).all() and (reached[:n, k] != 0).any()


def test_sequences_of_wrong_shapes_are_named():
    for bad in (
        [],
        [np.zeros((0, 2))],
        [np.zeros((2, 2)), np.zeros((2, 3))],
        [np.zeros(2)],
    ):
        with pytest.raises(ValueError, match="^sequences: expected"):
            padded(bad, np.zeros((len(bad), 1)))
    with pytest.raises(ValueError, match=r"^targets: expected shape \(1, O\)"):
        padded([np.zeros((2, 2))], [1])


# --- chunks ---------------------------------------------------------------------------------------------------


@ALL
def test_truncated_back_propagation_equals_full_with_cut_gradients(cell):
    """Each chunk's gradient equals that of the whole sequence up to there, with what crosses the cuts set to zero."""
    net, rng = network(cell), np.random.default_rng(5)
    batch = Batch(rng.normal(size=(7, 4, 2)), rng.normal(size=(7, 4, 1)), np.ones((7, 4)))
    kept = []
    still = SimpleNamespace(update=lambda theta, gradient: kept.append(gradient.copy()))
    found = [kept[-1] for _ in train_in_chunks(net, batch, still, 3)]
    assert len(found) == 3
    trace = net.forward(batch.x)
    states = {s: getattr(trace_of(net, batch.x), s) for s in net.kind.states}
    for k, start in enumerate((0, 3, 6)):
        before = None if start == 0 else {s: a[start - 1] for s, a in states.items()}
        part = Batch(
            batch.x[start : start + 3], batch.target[start : start + 3], batch.mask[start : start + 3]
        )
        np.testing.assert_allclose(found[k], loss_and_gradient(net, part, before=before).gradient, atol=1e-12)
        np.testing.assert_allclose(net.forward(part.x, before).y, trace.y[start : start + 3], atol=1e-12)


def trace_of(net, x):
    from lstm_lib import forward

    return forward(net.params, x)


def test_a_chunk_without_targets_only_passes_states_on():
    net, rng = network(), np.random.default_rng(6)
    mask = np.zeros((6, 2))
    mask[-1] = 1
    batch = Batch(rng.normal(size=(6, 2, 2)), rng.normal(size=(6, 2, 1)), mask)
    (record,) = train_in_chunks(net, batch, SGD(0.0), 3)
    assert record.loss == pytest.approx(loss_and_gradient(net, batch).loss)


# --- series ---------------------------------------------------------------------------------------------------


def test_a_series_is_scaled_by_its_training_part():
    train, test = np.split(np.arange(10.0), [6])
    scaler = Scaler.fit(train)
    assert scaler.scale(train).mean() == pytest.approx(0) and scaler.scale(train).std() == pytest.approx(1)
    np.testing.assert_allclose(scaler.unscale(scaler.scale(test)), test)
    assert Scaler.fit([2.0, 2.0]) == Scaler(2.0, 1.0)


@ALL
def test_a_closed_loop_uses_its_outputs_as_inputs(cell):
    net, x = network(cell, D=1), np.random.default_rng(7).normal(size=(5, 2, 1))
    found, seen = closed_loop(net, x, 4), x
    for k in range(4):
        y = net.predict(seen)[-1]
        np.testing.assert_allclose(found[k], y, atol=1e-12)
        seen = np.concatenate([seen, y[None]])
    with pytest.raises(ValueError, match="^network: expected as many outputs as inputs"):
        closed_loop(network(cell), np.zeros((3, 1, 2)), 2)


def test_the_pinball_loss_finds_quantiles():
    rng = np.random.default_rng(8)
    y, batch = (
        rng.normal(size=(3, 2, 2)),
        Batch(np.zeros((3, 2, 1)), rng.normal(size=(3, 2, 2)), [[1, 0], [1, 1], [0, 1]]),
    )
    loss = pinball([0.1, 0.9])
    slopes = central_differences(lambda v: loss(v, batch)[0], y)
    np.testing.assert_allclose(loss(y, batch)[1], slopes, atol=1e-8)
    draws = rng.normal(size=4000)
    many = Batch(np.zeros((1, 4000, 1)), np.stack([draws, draws], axis=-1)[None], np.ones((1, 4000)))
    ends = np.zeros(2)
    for _ in range(400):
        ends -= 0.1 * pinball([0.1, 0.9])(np.broadcast_to(ends, (1, 4000, 2)), many)[1].sum(axis=(0, 1)) * 2
    np.testing.assert_allclose(ends, np.quantile(draws, [0.1, 0.9]), atol=0.05)
    with pytest.raises(ValueError, match="^quantiles: expected values between 0 and 1"):
        pinball([0.5, 1.0])


# --- files ------------------------------------------------------------------------------------------------------


@ALL
def test_a_saved_network_is_loaded(cell, tmp_path):
    clamp = {KINDS[cell].gates[0].key: 0.5}
    net = network(cell, clamp=clamp)
    net.save(tmp_path / "net.npz")
    again = Network.load(tmp_path / "net.npz")
    x = np.ones((4, 1, 2))
    np.testing.assert_array_equal(again.predict(x), net.predict(x))
    assert (
        again.kind.name == cell
        and again.theta.dtype == net.theta.dtype
        and set(again.clamp) == set(net.clamp)
    )
    train_step(again, Batch(x, np.ones((len(x), 1, 1)), np.ones((len(x), 1))), Adam())


def test_a_network_of_one_s_own_cell_is_saved_as_its_equations(tmp_path):
    lines = (
        "g_t = σ(U_g · [h_{t-1}; x_t] + p_g ⊙ m_{t-1} + b_g)",
        "m̃_t = tanh(U_m · x_t)",
        "m_t = g_t ⊙ m_{t-1} + m̃_t",
        "h_t = tanh(m_t)",
    )
    net, path, x = network(Kind("mine", *lines), clamp={"g": 0.5}), tmp_path / "net.npz", np.ones((4, 1, 2))
    net.save(path)
    again = Network.load(path)
    assert again.kind.name == "mine" and again.kind.equations == net.kind.equations == lines
    np.testing.assert_array_equal(again.predict(x), net.predict(x))
    arrays = dict(np.load(path))
    for wrong in ("__import__('os').abort()", "h_t = open(W_h · x_t)", 3, None):
        about = json.loads(str(arrays["about"])) | {"equations": [*lines[:3], wrong]}
        np.savez(path, **arrays | {"about": np.array(json.dumps(about))})
        with pytest.raises(ValueError, match=r"^net.npz: expected a file that Network.save wrote \(line 4: "):
            Network.load(path)


def test_wrong_files_are_named(tmp_path):
    net, path = network(), tmp_path / "net.npz"
    net.save(path)
    whole = path.read_bytes()
    for content in (b"", b"not a file of ours", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"^net.npz: expected a file that Network.save wrote"):
            Network.load(path)
    np.savez(path, W=np.ones(3))
    with pytest.raises(ValueError, match="^net.npz: expected a file that Network.save wrote"):
        Network.load(path)
    np.savez(path, about=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="^net.npz: expected a file"):
        Network.load(path)
    net.save(path)
    arrays = dict(np.load(path))
    about = json.loads(str(arrays["about"]))
    for size in ("input_size", "hidden_size", "output_size"):  # of more bytes than there are anywhere
        np.savez(path, **arrays | {"about": np.array(json.dumps(about | {size: 10**9}))})
        with pytest.raises(
            ValueError, match="^net.npz: expected a file that Network.save wrote .(V|input_size): expected"
        ):
            Network.load(path)
    np.savez(path, **(arrays | {"W": arrays["W"][:-1]}))
    with pytest.raises(ValueError, match="^net.npz: W: expected shape"):
        Network.load(path)
    np.savez(
        path, **(arrays | {"about": np.array(str(arrays["about"]).replace('"format": 1', '"format": 99'))})
    )
    with pytest.raises(ValueError, match="expected format 1, got 99"):
        Network.load(path)
    with pytest.raises(ValueError, match="^path: expected a file that Network.save wrote, there is none"):
        Network.load(tmp_path / "nowhere.npz")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello", "begins with 'hello'"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a",
            "begins with 'version https://git-lfs",
        ),
        (b"<!DOCTYPE html><html>", "begins with '<!DOCTYPE html>"),
        (b"\x80\x04\x95.", "begins with"),
        (b"", "begins with ''"),
        (b"PK\x03\x04", "other arrays, or a part"),
    ],
)
def test_what_is_no_network_is_told_and_never_unpickled(tmp_path, content, told):
    (tmp_path / "net.npz").write_bytes(content)
    with pytest.raises(ValueError, match="^net.npz: expected a file that Network.save wrote, got") as refused:
        Network.load(tmp_path / "net")
    assert told in str(refused.value) and "download" in str(refused.value)
    assert "pickle" not in str(refused.value) and "unsafe" not in str(refused.value)


def test_save_and_load_name_the_same_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for path, file in (
        ("net", "net.npz"),
        ("v1.2", "v1.2.npz"),
        ("~/mine.npz", "mine.npz"),
        (tmp_path / "a" / "b" / "c", "a/b/c.npz"),
    ):
        net = network(seed=len(file))
        net.save(path)
        assert (tmp_path / file).is_file()
        for again in (path, tmp_path / file, str(path).removesuffix(".npz")):
            np.testing.assert_array_equal(Network.load(again).theta, net.theta)
    for path, words in (
        ("", "expected the path of a file"),
        (3, "got 3"),
        ("net.npz/x", "cannot be written"),
        ("a\0b", "cannot be written"),
    ):
        with pytest.raises(ValueError, match=f"^path: .*{words}"):
            network().save(path)
    for path, words in (
        ("a", "there is none at 'a.npz'"),
        ("~nobody-here/net", "there is none"),
        ("a\0b", "there is none"),
        (None, "the path of a file"),
    ):
        with pytest.raises(ValueError, match=f"^path: .*{words}"):
            Network.load(path)


@ALL
def test_every_kind_trains(cell):
    task, rng = TASKS["sum since reset"], np.random.default_rng(10)
    net = Network(2, 6, 1, rng, cell)
    losses = [r.loss for r in fit(net, lambda: task.draw(rng, 12, 16), Adam(0.03), 60, max_norm=1.0)]
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])
