"""One contract for all kinds of cell."""

import pickle
import re

import numpy as np
import pytest
from cells import CELLS, OWN, Case, D, H, random_params, random_states
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib import KINDS, Kind, Params, backward, forward, jacobian, sigmoid, step
from lstm_lib.cell.kinds import kind_of
from lstm_lib.cell.params import layout
from lstm_lib.cell.trees import field_of

ALL = pytest.mark.parametrize("name", KINDS)
WITH_OWN = pytest.mark.parametrize("name", CELLS)
BATCHES = st.sampled_from([(), (1,), (3,)])

HX, X = "h_prev x_t", "x_t"
PEEP = {"f": f"{HX} C_prev", "i": f"{HX} C_prev", "o": f"{HX} C_t", "C_tilde": HX}
TABLE = {
    "LSTM": ("h C", dict.fromkeys(("f", "i", "o", "C_tilde"), HX), ("C", "tanh", "o"), 72),
    "vanilla": ("h C", PEEP, ("C", "tanh", "o"), 81),
    "NIG": ("h C", PEEP | {"i": None}, ("C", "tanh", "o"), 60),
    "NFG": ("h C", PEEP | {"f": None}, ("C", "tanh", "o"), 60),
    "NOG": ("h C", PEEP | {"o": None}, ("C", "tanh", "o"), 60),
    "NIAF": ("h C", PEEP, ("C", "tanh", "o"), 81),
    "NOAF": ("h C", PEEP, ("C", "", "o"), 81),
    "CIFG": ("h C", PEEP | {"f": None}, ("C", "tanh", "o"), 60),
    "FGR": ("h f i C o", {k: f"{sees} f_prev i_prev o_prev" * (k != "C_tilde") or sees for k, sees in PEEP.items()}, ("C", "tanh", "o"), 162),
    "x-gated": ("h C", {"f": X, "i": X, "o": X, "C_tilde": HX}, ("C", "tanh", "o"), 45),
    "1997": ("h C", {"i": HX, "o": HX, "C_tilde": HX}, ("C", "tanh", "o"), 54),
    "JANET": ("h C", {"f": HX, "C_tilde": HX}, ("C", "", "o"), 36),
    "GRU": ("h", {"u": HX, "r": HX, "h_tilde": "x_t r_t*(W_h_prev)"}, (), 57),
    "GRU, reset before": ("h", {"u": HX, "r": HX, "h_tilde": "r_t*h_prev x_t"}, (), 54),
    "minGRU": ("h", {"u": X, "h_tilde": X}, (), 18),
    "RNN": ("h", {"h": HX}, (), 18),
    "orthogonal RNN": ("h", {"h": HX}, (), 18),
    "sLSTM": ("h m C n", dict.fromkeys(("f", "i", "o", "C_tilde"), HX), ("C", "/ n", "o"), 72),
}  # fmt: skip
"""Of each kind, from its paper: the states, what each gate sees, how h shows the memory, the number of parameters for D = 2, H = 3."""

LANES = dict.fromkeys(KINDS, ("f", "i", "C_tilde")) | dict.fromkeys(["GRU", "GRU, reset before"], ("u", "rest", "h_tilde")) | {
    "minGRU": ("rest", "u", "h_tilde"), "RNN": ("", "", "h"), "orthogonal RNN": ("", "", "h")}  # fmt: skip
COUPLED = {"CIFG": "f 1 − i_t", "JANET": "i 1 − σ(z_f − 1)", "GRU": "rest 1 − u_t", "GRU, reset before": "rest 1 − u_t", "minGRU": "rest 1 − u_t"}  # fmt: skip
KEEPS = {"f": 1, "u": 1, ("CIFG", "i"): -1, ("minGRU", "u"): -1}
FUNCTIONS = {"C_tilde": "tanh", "h_tilde": "tanh", "h": "tanh", ("NIAF", "C_tilde"): "", ("minGRU", "h_tilde"): "", ("sLSTM", "i"): "exp"}  # fmt: skip
RANGES = {"σ": (0, 1), "tanh": (-1, 1), "exp": (0, None), "": (None, None)}


def test_the_table_has_every_kind():
    assert list(TABLE) == list(KINDS)
    for wrong in ("LTSM", 3, None, ["LSTM"]):
        with pytest.raises(ValueError, match="^cell: expected one of LSTM, vanilla, .*, or a Kind; got"):
            kind_of(wrong)
    assert kind_of("GRU") is KINDS["GRU"] and kind_of(CELLS["no gate"]) is CELLS["no gate"]


@ALL
def test_a_kind_is_that_of_its_paper(name):
    kind, (states, sees, shown, count) = KINDS[name], TABLE[name]
    assert (
        kind.name == name
        and kind.sentence
        and re.search(r"\d{4}", kind.paper)
        and kind.states == states.split()
    )
    seen = {
        gate.key: sorted(s.replace(" * ", "*").replace("(W h", "(W_h") for s in gate.sees)
        for gate in kind.gates
    }
    assert list(seen.items()) == [(key, sorted(text.split())) for key, text in sees.items() if text]
    assert kind.lanes == {s: LANES[name] if s != "n" else ("f", "i", "") for s in kind.lanes}
    assert set(kind.lanes) == ({"C", "n"} & set(kind.states) or {"h"}) and kind.shown == shown
    rules = [f"{key} {c.rule}" for key, c in kind.coupled.items()]
    assert [re.sub(r"W_f.*?b_f", "z_f", rule) for rule in rules] == (
        [COUPLED[name]] if name in COUPLED else []
    )
    assert (
        kind.count(D, H)
        == count
        == sum(
            np.count_nonzero(getattr(random_params(kind, np.random.default_rng(0)), n))
            for n in kind.shapes(D, H)
        )
    )
    for gate in kind.gates:
        assert gate.keeps == KEEPS.get(
            (name, gate.key), KEEPS.get(gate.key, 0) * ((name, gate.key) not in KEEPS)
        )
        assert (
            gate.function == FUNCTIONS.get((name, gate.key), FUNCTIONS.get(gate.key, "σ"))
            and kind.of(gate.key) is gate
        )
        assert (gate.low, gate.high) == tuple(
            end if end is not None else sign * np.inf
            for end, sign in zip(RANGES[gate.function], (-1, 1), strict=True)
        )
        with pytest.raises(AttributeError):
            gate.keeps = 0
    assert not re.search(r"_prev|\*", str(kind.equations)), "names of the code in an equation"


@ALL
def test_a_gate_is_its_function_of_its_pre_activation_and_has_its_range(name):
    case = Case(name)
    trace = case.trace()[0]
    for gate in case.kind.gates:
        of = {"σ": sigmoid, "tanh": np.tanh, "exp": np.exp, "": np.array}[gate.function]
        z = getattr(trace, f"z_{gate.block}")
        np.testing.assert_allclose(getattr(trace, gate.field), of(z), rtol=1e-14)
        np.testing.assert_allclose(gate.squashed(z), of(z), rtol=1e-14)
        with np.errstate(over="raise"):
            assert gate.squashed(-1e4) == max(gate.low, -1e4)
        assert gate.symbol == f"{gate.letter}_t"
        for end, outside in zip(RANGES[gate.function], (-np.inf, np.inf), strict=True):
            clamp = {gate.key: np.copysign(9, outside) if end is None else end}
            assert getattr(forward(case.params, case.x, clamp)[0], gate.field)[0] == clamp[gate.key]
            if end is not None:
                with pytest.raises(ValueError, match=rf"^clamp\['{gate.key}'\]: expected values from"):
                    forward(case.params, case.x, {gate.key: np.nextafter(end, outside)})


# --- the equations that are shown are the ones that are computed --------------------------------------


@ALL
def test_what_is_shown_is_what_runs(name):
    seen = [Case(Kind(name, *KINDS[name].equations), seed).check_text() for seed in range(5)]
    assert any(seen)


@ALL
def test_what_is_kept_and_written_is_in_the_trace(name):
    for clamp in ({}, {gate.key: 0.25 for gate in KINDS[name].gates}):
        check_kept_and_written(name, Case(name, batch=(2,), clamp=clamp).trace())


def check_kept_and_written(name, trace):
    if "C" in KINDS[name].lanes and name != "sLSTM":
        keep, write, new = (1 if field is None or not hasattr(trace[1], field) else getattr(trace[1], field)
                            for field in (field_of(key) if key else None for key in LANES[name]))  # fmt: skip
        np.testing.assert_allclose(trace[1].kept, keep * trace[1].C_prev, rtol=1e-13)
        np.testing.assert_allclose(trace[1].written, write * new, rtol=1e-13)
        if KINDS[name].shown[1]:
            np.testing.assert_allclose(trace[1].tanh_C, np.tanh(trace[1].C_t), rtol=1e-13)
    if name in COUPLED and COUPLED[name].startswith("rest"):
        np.testing.assert_allclose(trace[1].rest, 1 - trace[1].u_t, rtol=1e-13)


# --- what each gate may see -------------------------------------------------------------------------------


@ALL
def test_a_gate_sees_what_its_table_says_and_nothing_else(name):
    """Every other gate is clamped, so that nothing reaches this one on a detour."""
    kind, rng = KINDS[name], np.random.default_rng(1)
    p, x_t, before = random_params(kind, rng), rng.normal(size=D), random_states(kind, rng, suffix="_prev")
    for gate in kind.gates:
        for others in (0.5, 0.0):
            clamp = {g.key: others for g in kind.gates if g is not gate}
            moves = set()
            for source in ("x_t", *before):
                now = {"x_t": x_t, **before}
                value = getattr(step(p, now.pop("x_t"), clamp, **now), gate.field)
                now = {"x_t": x_t, **before}
                now[source] = now[source] + rng.normal(size=now[source].shape)
                if not np.array_equal(getattr(step(p, now.pop("x_t"), clamp, **now), gate.field), value):
                    moves.add(source)
            through = {"C_t": "C_prev"} | {seen: "h_prev" for seen in gate.sees if "*" in seen}
            open_path = others > 0 or "C_t" in gate.sees and "f" not in clamp
            seen = {through.get(s, s) for s in gate.sees if s not in through or open_path}
            assert moves == seen, f"{name}: {gate.key} with the others at {others}"


# --- sequences ----------------------------------------------------------------------------------------------


@WITH_OWN
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), batch=BATCHES, length=st.integers(1, 6))
def test_a_sequence_is_its_steps_and_a_batch_its_sequences(name, seed, batch, length):
    case = Case(name, seed, batch, T=length)
    trace = case.trace()
    assert len(trace) == length
    before = {f"{n[:-2]}_prev": a for n, a in case.first.items()}
    for t in range(length):
        one = step(case.params, case.x[t], **before)
        for field in (
            [f"{s}_prev" for s in case.kind.states]
            + [left for left, _ in case.kind.computed.lines]
            + [g.field for g in case.kind.gates]
        ):
            np.testing.assert_array_equal(getattr(trace[t], field), getattr(one, field))
            np.testing.assert_array_equal(getattr(trace, field.removesuffix("_t"))[t], getattr(one, field))
        before = {f"{s}_prev": getattr(one, field_of(s)) for s in case.kind.states}
    np.testing.assert_array_equal(trace.h[-1], trace[-1].h_t)
    np.testing.assert_array_equal(trace.last["h"], trace[length - 1].h_t)
    for outside in (length, -length - 1):
        with pytest.raises(IndexError, match=f"step {outside} of a sequence of {length} steps"):
            trace[outside]
    for k in range(batch[0] if batch else 0):
        alone = forward(case.params, case.x[:, k], **{n: a[k] for n, a in case.first.items()})
        np.testing.assert_allclose(trace.h[:, k], alone.h, atol=1e-13)


@ALL
def test_a_trace_is_read_only_and_shares_nothing_with_the_caller(name):
    case = Case(name)
    x, first = np.asfortranarray(case.x), {n: a.copy() for n, a in case.first.items()}
    trace = forward(case.params, x, **first)
    kept = trace.h.copy()
    assert x.flags.writeable and all(a.flags.writeable for a in first.values())
    x[:] = 9
    for one in (trace, trace[0]):
        for field in ("h", "x", "h_0") if one is trace else ("h_t", "x_t", "h_prev"):
            assert not getattr(one, field).flags.writeable and not (getattr(one, field) == 9).any()
        with pytest.raises(AttributeError, match="does not change"):
            one.h_t = 0
    np.testing.assert_array_equal(trace.h, kept)
    assert trace.every("h_t") is trace.every("h_t")
    with pytest.raises(AttributeError, match="do not change"):
        case.params.W = 0
    with pytest.raises(AttributeError, match="has no blue"):
        trace.blue  # noqa: B018


@ALL
def test_float32_stays_float32_and_comes_close(name):
    case = Case(name)
    small = Params(case.kind, **{n: getattr(case.params, n).astype(np.float32) for n in case.params.names})
    trace = forward(
        small, case.x.astype(np.float32), **{n: a.astype(np.float32) for n, a in case.first.items()}
    )
    for field in (
        "x_t",
        "h_prev",
        "h_t",
        *(f(g) for g in case.kind.gates for f in (lambda g: g.field, lambda g: f"z_{g.block}")),
    ):
        assert getattr(trace[0], field).dtype == np.float32, field
    np.testing.assert_allclose(trace.h, case.trace().h, rtol=2e-3, atol=2e-5)
    gradients = backward(small, trace, case.dh.astype(np.float32))
    assert all(a.dtype == np.float32 for a in vars(gradients).values())


@ALL
def test_a_clamped_gate_holds_and_keeps_its_pre_activation(name):
    case = Case(name, batch=(2,))
    free = case.trace()
    for gate in case.kind.gates:
        value = 0.25
        clamped = forward(case.params, case.x[:2], {gate.key: value}, **case.first)
        assert (getattr(clamped[0], gate.field) == value).all() and clamped.clamped == (gate.key,)
        z = f"z_{gate.block}"
        if "C_t" not in gate.sees:
            np.testing.assert_allclose(getattr(clamped[0], z), getattr(free[0], z), rtol=1e-13)


@ALL
def test_huge_pre_activations_neither_warn_nor_overflow(name):
    case = Case(name, batch=(2,))
    big = {n: a * (1e3 if n in ("W", "b") else 1) for n, a in case.arrays.items()}
    with np.errstate(all="raise", under="ignore"):
        trace = case.trace(big)
        gradients = backward(trace.params, trace, case.dh)
    if name != "NIAF":  # its candidate has no end
        assert np.isfinite(trace.h).all() and np.abs(trace.h).max() < 1e4
    assert all(np.isfinite(a).all() for a in vars(gradients).values())


# --- gradients ----------------------------------------------------------------------------------------------


@ALL
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6), batch=BATCHES, length=st.integers(1, 8))
def test_every_gradient(name, seed, batch, length):
    Case(name, seed, batch, T=length).check()


@ALL
def test_every_gradient_with_each_gate_clamped(name):
    for gate in KINDS[name].gates:
        case = Case(name, 3, (2,), clamp={gate.key: 0.4})
        case.check()
        if name != "JANET":  # its i_t reads z_f, which stays computed
            assert (case.gradients().b.reshape(-1, H)[case.kind.gates.index(gate)] == 0).all()


@ALL
def test_what_reaches_a_state_is_the_later_losses_too(name):
    case = Case(name, 4, (2,))
    gradients, trace = case.gradients(), case.trace()
    for t in (0, 2):
        later = Case(name, 4, (2,))
        later.arrays = case.arrays | {"x": case.x[t + 1 :]}
        later.arrays |= {f"{s}_0": getattr(trace, s)[t] for s in case.kind.states}
        later.dh = case.dh[t + 1 :]
        np.testing.assert_allclose(gradients.h[t] - case.dh[t], later.gradients().h_0, atol=1e-11)
    if "C" in case.kind.states:  # with f and i clamped, C_0 acts through C_1 alone
        clamped = Case(name, 4, (2,), clamp={g.key: 0.4 for g in case.kind.gates if g.key in "fi"})
        gradients, one = clamped.gradients(), clamped.trace()[0]
        keep = (
            one.f_t
            if name not in ("1997", "NFG", "sLSTM")
            else np.exp(np.log(0.4) + one.m_prev - one.m_t)
            if name == "sLSTM"
            else 1
        )
        np.testing.assert_allclose(gradients.C[0] * keep, gradients.C_0, atol=1e-11)


@WITH_OWN
def test_a_pass_has_what_training_needs(name):
    case = Case(name, 6, (2,))
    run = case.trace().run
    gradients, dx, first, every = run.back(case.params, case.dh)
    wanted = backward(case.params, case.trace(), case.dh)
    for key, value in {**gradients, "x": dx, **every}.items():
        np.testing.assert_array_equal(value, getattr(wanted, key))
    assert list(gradients) == list(case.params.names) and run.clamped == ()
    for state in case.kind.states:
        np.testing.assert_array_equal(run.last[state], case.trace().last[state])
        np.testing.assert_array_equal(first[state], getattr(wanted, f"{state}_0"))
    assert run.back(case.params, case.dh, inputs=False)[1] is None


@ALL
def test_a_jacobian_is_what_differences_say(name):
    case = Case(name, 5)
    for state in [s for s in ("h", "C") if s in case.kind.states]:
        found = jacobian(case.params, case.x, state, **case.first)
        np.testing.assert_array_equal(found[-1], np.eye(H))
    trace = case.trace()
    starts = {f"{s}_0": getattr(trace, s)[1] for s in case.kind.states}
    for k in range(H):
        ends = []
        for sign in (1, -1):
            moved = starts | {"h_0": starts["h_0"] + sign * 1e-6 * np.eye(H)[k]}
            ends.append(forward(case.params, case.x[2:], **moved).h[-1])
        found = jacobian(case.params, case.x, **case.first)[1][:, k]
        np.testing.assert_allclose(found, (ends[0] - ends[1]) / 2e-6, atol=1e-7)


def test_what_does_not_fit_the_passes_is_named():
    case, gru = Case("LSTM", batch=(2,)), KINDS["GRU"]
    p, trace, x, first = case.params, case.trace(), case.x, case.first
    before = {f"{n[:-2]}_prev": a for n, a in first.items()}
    rnn = random_params(KINDS["RNN"], np.random.default_rng(0))
    alike = Params(KINDS["orthogonal RNN"], W=rnn.W, b=rnn.b)
    zeros = np.zeros((1, H))
    for call, words in [
        (lambda: step(3, x[0], **before), "params: expected the parameters of a cell, got int"),
        (lambda: forward(3, x), "params: expected the parameters of a cell, got int"),
        (lambda: backward(3, trace, case.dh), "params: expected the parameters of a cell, got int"),
        (lambda: step(p, x, **before), r"x_t: expected shape \(2,\) or \(B, 2\) \(input_size=2\)"),
        (lambda: step(p, "a", **before), "x_t: expected numbers"),
        (lambda: step(p, x[0], h_prev=before["h_prev"]), "C_prev: expected numbers, got None"),
        (lambda: step(p, x[0], h_0=zeros), r"h_0: expected some of \['h_prev', 'C_prev'\], as .* of a LSTM"),
        (lambda: step(p, x[0], **before | {"C_prev": zeros}), r"C_prev: expected shape \(2, 3\) \(hidden_size=3\)"),
        (lambda: forward(p, x[0, 0]), r"x: expected shape \(T, 2\) or \(T, B, 2\)"),
        (lambda: forward(p, x, C_0="a"), "C_0: expected numbers"),
        (lambda: forward(p, x, {"f": 2}), r"clamp\['f'\]: expected values from 0 to 1"),
        (lambda: forward(p, x, "f"), "clamp: expected {gate: value}, got str"),
        (lambda: forward(p, x, {"q": 0}), r"clamp: expected keys from \['f', 'i', 'o', 'C_tilde'\], got 'q'"),
        (lambda: forward(p, x, {"f": [0, 0]}), r"clamp\['f'\]: expected a number or an array for shape \(2, 3\), got shape \(2,\)"),
        (lambda: Params("LSTM", W=p.W, b=p.b), "kind: expected a Kind, such as one of KINDS, got str"),
        (lambda: Params(p.kind, W=p.W.astype("f"), b=p.b), "b: expected float32 like the parameters, got float64"),
        (lambda: Params(p.kind, W=p.W, b=p.b[1:]), r"b: expected shape \(12,\) \(beside W of shape \(12, 5\)\), got"),
        (lambda: backward(p, x, case.dh), "trace: expected the trace of a forward pass, got ndarray"),
        (lambda: backward(alike, forward(rnn, x), case.dh), "params: expected the parameters that made"),
        (lambda: backward(random_params(gru, np.random.default_rng(0)), trace, case.dh), "params: expected the parameters that"),
        (lambda: backward(p, trace, "a"), "dh: expected numbers"),
        (lambda: backward(p, trace, case.dh[1:]), r"dh: expected shape \(5, 2, 3\) \(like trace.h\)"),
        (lambda: backward(p, trace, case.dh, dC=zeros), r"dC: expected some of \['dh_T', 'dC_T'\]"),
        (lambda: backward(p, trace, case.dh, C_T=zeros), "C_T: expected some of"),
        (lambda: backward(p, trace, case.dh, dm_T=zeros), "dm_T: expected some of"),
        (lambda: backward(p, trace, case.dh, dC_T="a"), "dC_T: expected numbers"),
        (lambda: backward(p, trace, case.dh, dC_T=zeros), r"dC_T: expected shape \(2, 3\) \(like trace.C_0\)"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=f"^{words}"):
            call()
    equal = Params(p.kind, W=p.W, b=p.b)
    np.testing.assert_array_equal(backward(equal, trace, case.dh, dC_T=None).W, backward(p, trace, case.dh).W)


def test_plain_lists_and_clamps_of_a_batch():
    case = Case("LSTM", batch=(2,))
    before = {f"{n[:-2]}_prev": a.tolist() for n, a in case.first.items()}
    held = np.linspace(0, 1, 2 * H).reshape(2, H)
    for clamp in (held, held.tolist()):
        found = step(case.params, case.x[0].tolist(), {"f": clamp}, **before)
        np.testing.assert_array_equal(found.f_t, held)
    trace = forward(
        case.params, case.x.tolist(), {"f": held}, **{n: a.tolist() for n, a in case.first.items()}
    )
    held[:] = 0
    np.testing.assert_array_equal(
        trace.f, np.broadcast_to(np.linspace(0, 1, 2 * H).reshape(2, H), trace.f.shape)
    )
    assert (trace.run.held["f"] > 0).sum() == 2 * H - 1, "held for the way back"
    again = pickle.loads(pickle.dumps(trace))
    np.testing.assert_array_equal(again.f, trace.f)
    np.testing.assert_array_equal(forward(case.params, case.x)[0].C_prev, np.zeros((2, H)))


# --- wires ---------------------------------------------------------------------------------------------------


@ALL
def test_a_pulled_wire_is_gone_from_lines_numbers_and_parameters(name):
    kind = KINDS[name]
    params = random_params(kind, np.random.default_rng(0))
    wires = [(gate.key, seen) for gate in kind.gates for seen in gate.sees if "(" not in seen]
    for cut in [
        *([wire] for wire in wires),
        [w for w in wires if w[1] != "x_t" or w[0] in ("C_tilde", "h", "h_tilde")],
    ]:
        if name in ("RNN", "orthogonal RNN") and ("h", "x_t") in cut:
            with pytest.raises(ValueError, match="no line reads the input x_t"):
                kind.without(*cut)
            continue
        pulled = kind.without(*cut)
        assert [(g.key, g.sees, g.keeps) for g in pulled.gates] == [
            (g.key, tuple(s for s in g.sees if (g.key, s) not in cut), g.keeps) for g in kind.gates
        ]
        assert ("m" in pulled.states) == ("m" in kind.states), "the form that does not overflow stays"
        assert (pulled.name, pulled.lanes, pulled.shown, [*pulled.coupled]) == (
            name,
            kind.lanes,
            kind.shown,
            [*kind.coupled],
        )
        few = pulled.from_wired(params)
        assert (
            sum(np.count_nonzero(getattr(few, n)) for n in few.names) == pulled.count(D, H) < kind.count(D, H)
        )
        zero = {n: np.zeros(shape) for n, shape in kind.shapes(D, H).items()}
        for weights, (letter, rows, columns) in layout(kind.said, D, H).where.items():
            for slot, at in columns.items() if columns else [(None, ...)]:
                left = layout(pulled.said, D, H).where.get(weights, (0, 0, ()))[2]
                if slot in left or not columns and weights in pulled.said.weights:
                    zero[letter][rows, at] = getattr(params, letter)[rows, at]
        np.testing.assert_allclose(
            forward(few, np.ones((4, 2, D))).h,
            forward(Params(kind, **zero), np.ones((4, 2, D))).h,
            atol=1e-14,
        )
        for gate in pulled.gates:  # also what sees nothing but its bias
            assert getattr(forward(few, np.ones((4, 2, D)))[1], f"z_{gate.block}").shape == (2, H)
    for wrong in (("q", "h_prev"), (kind.gates[0].key, "q_t"), ("h_tilde", "r_t * (W h_prev)")):
        with pytest.raises(ValueError, match="^wires: expected a gate and what it sees, got"):
            kind.without(wrong)


def test_pulled_wires_are_weights_of_zero():
    kind, rng = KINDS["LSTM"], np.random.default_rng(0)
    pulled = kind.without(("f", "h_prev"), ("i", "h_prev"), ("o", "h_prev"))
    params, x = random_params(kind, rng), rng.normal(size=(5, D))
    W = params.W.copy()
    W[: 3 * H, :H] = 0
    assert pulled.equations == KINDS["x-gated"].equations and kind.without().equations == kind.equations
    np.testing.assert_allclose(
        forward(pulled.from_wired(params), x).h, forward(Params(kind, W=W, b=params.b), x).h, atol=1e-15
    )


@WITH_OWN
def test_blocks_of_parameters_by_name(name):
    kind = CELLS[name]
    params, given = random_params(kind, np.random.default_rng(1)), {}
    assert not any(getattr(params, name).flags.writeable for name in params.names)
    for line in kind.equations:
        for word in re.findall(r"(?<![\w^])([A-Za-z]_\w+)(?![\w^{])", line):
            if not word.endswith(("_t", "_prev")) and word in kind.said.weights:
                given[word] = getattr(params, word)
                assert given[word].shape[0] == H and not given[word].flags.writeable
                if given[word].ndim == 2:
                    assert given[word].all(), "only columns of what it sees"
    assert given or name in ("no gate", "matrices on matrices", "a copied state", "a state later")
    assert params.names == tuple(kind.shapes(D, H)) and params.sizes == (D, H)
    with pytest.raises(AttributeError, match="there is no parameter W_none"):
        params.W_none  # noqa: B018


def test_shapes_of_a_cell_with_several_matrices():
    shapes = {name: CELLS[name].shapes(D, H) for name in OWN}
    assert shapes["every operation"] == {"W": (3, 5), "b": (3,), "U": (3, 2), "q": (3,)}
    assert shapes["separate matrices"] == {"W": (6, 2), "b": (3,), "U": (3, 3)}
    assert shapes["matrix on a value of the step"] == {"W": (6, 8), "U": (3, 3), "R": (3, 5), "p": (3,)}
    assert CELLS["matrix on a value of the step"].count(D, H) == 15 + 9 + 9 + 15 + 3
    assert CELLS["shared weights"].count(D, H) == 15 + 3
    CELLS["shared weights"].shapes(D, H).clear()
    assert repr(CELLS["shared weights"].count(D, H)) == "18"
    turned = Kind("turned", "h_t = W · [x_t; m_{t-1}; h_{t-1}]", "m_t = h_t")
    assert layout(turned.said, D, H).slots == {"W": ["h_prev", "m_prev", "x_t"]}


def test_kinds_of_one_name_are_told_apart():
    ours = Kind("LSTM", *KINDS["NOAF"].equations)
    params = random_params(ours, np.random.default_rng(0))
    lstm = random_params(KINDS["LSTM"], np.random.default_rng(0))
    other = Kind("LSTM", *[line.replace("tanh(C_t)", "C_t") for line in KINDS["LSTM"].equations])
    x = np.ones((3, D))
    with pytest.raises(ValueError, match="^params: expected the parameters that made the trace"):
        backward(Params(other, W=lstm.W, b=lstm.b), forward(lstm, x), np.ones((3, H)))
    from lstm_lib import lstm_forward

    with pytest.raises(ValueError, match="^params: expected LSTMParams"):
        lstm_forward(params, x)


# --- bad input ------------------------------------------------------------------------------------------------


@ALL
def test_parameters_of_another_cell_are_refused(name):
    case, other = Case(name, 0), Case(name, 1)
    with pytest.raises(ValueError, match="^params: expected the parameters that made the trace"):
        backward(other.params, case.trace(), case.dh)
    with pytest.raises(ValueError, match="^b: it is missing; expected one array with the rows of b_"):
        Params(case.kind, W=case.params.W)
    whole = {n: getattr(case.params, n) for n in case.params.names}
    with pytest.raises(ValueError, match="expected .* for a .*, got q"):
        Params(case.kind, **whole, q=1)
    rows = len(case.kind.gates)
    for shape in [(3,), (1, 1, 2), (rows * 2, 1), *([(rows * 2 + 1, 9)] if rows > 1 else [])]:
        if shape != (rows * 2, 1) or name != "minGRU":  # which sees x_t alone
            with pytest.raises(ValueError, match=r"^W: expected shape \(.*H, .*D\) with D at least 1, got"):
                Params(case.kind, **whole | {"W": np.ones(shape)})
