"""One contract for all kinds of cell."""

import pickle
import re

import numpy as np
import pytest
from cells import Case, D, H, random_params, random_states
from hypothesis import given, settings
from hypothesis import strategies as st
from lstm_lib.cell.gates import ADDED

from lstm_lib import KINDS, Params, backward, forward, jacobian, sigmoid, step
from lstm_lib.cell.kind import Kind

ALL = pytest.mark.parametrize("name", KINDS)
BATCHES = st.sampled_from([(), (1,), (3,)])
SIZES = {"f": 3, "i": 3, "o": 3}


def test_every_kind_of_the_course_is_there():
    assert list(KINDS)[0] == "LSTM"
    wanted = "vanilla NIG NFG NOG NIAF NOAF CIFG FGR 1997 JANET GRU minGRU RNN sLSTM x-gated".split()
    assert {*wanted, "LSTM", "GRU, reset before", "orthogonal RNN"} <= set(KINDS)


@ALL
def test_a_kind_says_what_it_is(name):
    kind = KINDS[name]
    assert kind.name == name and kind.sentence and re.search(r"\d{4}", kind.source)
    assert len({gate.key for gate in kind.gates}) == len(kind.gates)
    for gate in kind.gates:
        concatenated = {seen.rpartition(" * ")[2] for seen in set(gate.sees) - set(ADDED)}
        assert concatenated <= {"x_t", *(f"{state}_prev" for state in kind.states)}
    params = random_params(kind, np.random.default_rng(0))  # 0 is where a gate does not see
    assert kind.count(D, H) == sum(np.count_nonzero(getattr(params, name)) for name in params.names)


FUNCTIONS = {"C_tilde": "tanh", "h_tilde": "tanh", "h": "tanh"} | {
    ("NIAF", "C_tilde"): "", ("minGRU", "h_tilde"): "", ("sLSTM", "i"): "exp"}  # fmt: skip
"""What the papers squash a pre-activation with, where it is not a sigmoid."""


GATES_OF = {"vanilla": "f i o C_tilde", "NIG": "f o C_tilde", "NFG": "i o C_tilde", "NOG": "f i C_tilde",
            "NIAF": "f i o C_tilde", "NOAF": "f i o C_tilde", "CIFG": "i o C_tilde", "FGR": "f i o C_tilde",
            "LSTM": "f i o C_tilde", "1997": "i o C_tilde", "JANET": "f C_tilde", "sLSTM": "f i o C_tilde",
            "GRU": "u r h_tilde", "GRU, reset before": "u r h_tilde", "minGRU": "u h_tilde", "RNN": "h",
            "orthogonal RNN": "h", "x-gated": "f i o C_tilde"}  # fmt: skip
PEEPHOLES = {"f": {"C_prev"}, "i": {"C_prev"}, "o": {"C_t"}}
SEES = {("GRU", "h_tilde"): {"x_t", "r_t * (W h_prev)"}, ("GRU, reset before", "h_tilde"): {"x_t", "r_t * h_prev"},
        ("minGRU", "u"): {"x_t"}, ("minGRU", "h_tilde"): {"x_t"},
        **{("x-gated", key): {"x_t"} for key in "fio"}}  # fmt: skip
"""What is no gate of [h_{t-1}; x_t]; the first eight kinds of the list have peepholes as well."""


@pytest.mark.parametrize("name", GATES_OF)
def test_the_gates_are_those_of_the_papers(name):
    """Said once more, as the other tests believe the gate table."""
    kind = KINDS[name]
    assert [gate.key for gate in kind.gates] == GATES_OF[name].split()
    for gate in kind.gates:
        more = PEEPHOLES.get(gate.key, set()) if name in list(GATES_OF)[:8] else set()
        more = more | ({"gates_prev"} if name == "FGR" and gate.key in "fio" else set())
        assert set(gate.sees) == SEES.get((name, gate.key), {"h_prev", "x_t"} | more)
    assert not re.search(r"_prev|\*", str(kind.equations)), "names of the code in an equation"
    squashed = "C" in kind.states and name not in ("NOAF", "JANET", "sLSTM")
    assert ("tanh(C_t)" in kind.equations[-1]) == squashed


@ALL
def test_a_gate_is_its_function_of_its_pre_activation(name):
    case = Case(name)
    trace = case.trace()[0]
    for gate in case.kind.gates:
        function = FUNCTIONS.get((name, gate.key), FUNCTIONS.get(gate.key, "σ"))
        assert gate.equation.startswith(f"{gate.symbol} = {function}(" if function else f"{gate.symbol} = W_")
        of = {"σ": sigmoid, "tanh": np.tanh, "exp": np.exp, "": np.array}[function]
        z = getattr(trace, "z" if gate.key == "h" else f"z_{gate.block}")
        np.testing.assert_allclose(getattr(trace, gate.field), of(z), rtol=1e-14)
        assert gate.symbol == f"{gate.letter}_t"
        with pytest.raises(AttributeError):
            gate.keeps = 0


RANGES = {"σ": (0, 1), "tanh": (-1, 1), "exp": (0, None), "": (None, None)}


@ALL
def test_a_clamp_has_the_range_of_its_gate(name):
    case = Case(name)
    for gate in case.kind.gates:
        low, high = RANGES[FUNCTIONS.get((name, gate.key), FUNCTIONS.get(gate.key, "σ"))]
        for end, outside in ((low, -np.inf), (high, np.inf)):
            clamp = {gate.key: np.copysign(9, outside) if end is None else end}
            assert getattr(forward(case.params, case.x, clamp)[0], gate.field)[0] == clamp[gate.key]
            if end is not None:
                with pytest.raises(ValueError, match=rf"^clamp\['{gate.key}'\]: expected values from"):
                    forward(case.params, case.x, {gate.key: np.nextafter(end, outside)})


# --- the equations that are shown are the ones that are computed --------------------------------------


def as_python(side):
    """An equation's right-hand side as Python: products, brackets and symbols of the course."""
    for sign, code in [("[f; i; o]_{t-1}", "gates_prev"), ("⊙", "*"), ("·", "@"), ("−", "-"), ("{t-1}", "prev"),
                       ("σ", "sigma"), ("C̃", "Ctilde"), ("h̃", "htilde"), ("W_h^x", "W_h_x"), ("W_h^h", "W_h_h"),
                       ("b^h", "b_hidden")]:  # fmt: skip
        side = side.replace(sign, code)
    return (
        re.sub(r"\[([^\];]+); ([^\]]+)\]", r"cat(\1, \2)", side)
        .replace("htilde_t", "h_tilde")
        .replace("Ctilde_t", "C_tilde")
    )


def evaluated(kind, p, x_t, before):
    """Every symbol on the left of the kind's equations, from the text of the equations."""
    known = {"sigma": sigmoid, "tanh": np.tanh, "exp": np.exp, "x_t": x_t, **before,
             "cat": lambda *parts: np.concatenate(parts, axis=-1)}  # fmt: skip
    known |= {n: a for n, a in vars(p).items() if isinstance(a, np.ndarray)}
    if hasattr(p, "p"):
        known |= {
            f"p_{key}": a
            for key, a in zip(kind.peepholes(), np.split(p.p, len(kind.peepholes())), strict=True)
        }
    if hasattr(p, "R"):
        known |= {f"R_{key}": a for key, a in zip("fio", np.split(p.R, 3), strict=True)}
    if "GRU" in kind.name and kind.name != "minGRU":
        known |= {"W_h_h": p.W_h[:, :H], "W_h_x": p.W_h[:, H:]}
    lines = [line.split(" = ") for line in kind.equations]
    while lines:
        ready = []
        for left, right in lines:
            left = as_python(left)
            code = as_python(right).replace("z_f", f"({zs(kind)})")
            try:
                known[left] = eval(code, {"__builtins__": {}}, known)
            except NameError:
                ready.append([left, right])
        assert len(ready) < len(lines), f"{kind.name}: {ready} wait for one another"
        lines = ready
    return known


def zs(kind):
    """z_f, which one kind's equations name."""
    return "W_f @ cat(h_prev, x_t) + b_f"


@ALL
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_step_is_what_its_equations_say(name, seed):
    rng = np.random.default_rng(seed)
    kind = KINDS[name]
    p, x_t, before = random_params(kind, rng), rng.normal(size=D), random_states(kind, rng, suffix="_prev")
    scale = 1.0
    if "m" in kind.states:  # what is kept is divided by exp(m)
        scale = np.exp(before["m_prev"])
    plain = {n: a * scale if n in ("C_prev", "n_prev") else a for n, a in before.items()}
    wanted, got = evaluated(kind, p, x_t, plain), step(p, x_t, **before)
    for gate in kind.gates:
        np.testing.assert_allclose(kind.value(got, gate.field), wanted[gate.field], rtol=1e-12, atol=1e-13)
    for field, value in plain.items():
        np.testing.assert_allclose(kind.value(got, field), value, rtol=1e-12)
    for field in {"C_t", "n_t"} & set(vars(got)):
        np.testing.assert_allclose(kind.value(got, field), wanted[field], rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(got.h_t, wanted["h_t"], rtol=1e-10, atol=1e-13)
    assert ("gates_t" in vars(got)) == ("gates" in kind.states)
    if "C" in kind.states and name != "sLSTM":
        ((state, (keep, write, new)),) = kind.lanes.items()
        factors = {gate.key: gate.field for gate in kind.gates} | {
            k: c.field for k, c in kind.coupled.items()
        }
        keep, write, new = (getattr(got, factors[k]) if k in factors else 1 for k in (keep, write, new))
        np.testing.assert_allclose(got.kept, keep * before[f"{state}_prev"], rtol=1e-13)
        np.testing.assert_allclose(got.written, write * new, rtol=1e-13)


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
            through = {"C_t": "C_prev"} | {name: "h_prev" for name in gate.sees if "*" in name}
            open_path = others > 0 or "C_t" in gate.sees and "f" not in clamp
            seen = {through.get(s, s) for s in gate.sees if s not in through or open_path}
            assert moves == seen, f"{name}: {gate.key} with the others at {others}"


# --- sequences ----------------------------------------------------------------------------------------------


@ALL
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), batch=BATCHES, length=st.integers(1, 6))
def test_a_sequence_is_its_steps_and_a_batch_its_sequences(name, seed, batch, length):
    case = Case(name, seed, batch, T=length)
    trace = case.trace()
    assert len(trace) == length
    before = {f"{n[:-2]}_prev": a for n, a in case.first.items()}
    for t in range(length):
        one = step(case.params, case.x[t], **before)
        for field, value in vars(one).items():
            np.testing.assert_array_equal(getattr(trace[t], field), value)
            if field != "clamped":
                np.testing.assert_array_equal(getattr(trace, field.removesuffix("_t"))[t], value)
        before = {f"{s}_prev": getattr(one, f"{s}_t") for s in case.kind.states}
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
        for field, value in vars(one).items():
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable and not (value == 9).any(), field
        with pytest.raises(AttributeError, match="does not change"):
            one.h_t = 0
    np.testing.assert_array_equal(trace.h, kept)
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
    for field, value in vars(trace[0]).items():
        assert field == "clamped" or value.dtype == np.float32, field
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
        z = "z" if gate.key == "h" else f"z_{gate.block}"
        if "C_t" not in gate.sees:
            np.testing.assert_array_equal(getattr(clamped[0], z), getattr(free[0], z))


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
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), batch=BATCHES, length=st.integers(1, 8))
def test_every_gradient(name, seed, batch, length):
    Case(name, seed, batch, T=length).check()


@ALL
def test_every_gradient_with_each_gate_clamped(name):
    for gate in KINDS[name].gates:
        if gate.key != "h":
            case = Case(name, 3, (2,), clamp={gate.key: 0.4})
            case.check()
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
        keep = getattr(one, "kept_share", one.f_t)
        np.testing.assert_allclose(gradients.C[0] * keep, gradients.C_0, atol=1e-11)


@ALL
def test_the_passes_for_training_are_the_same(name):
    case = Case(name, 6, (2,))
    first = {s: case.first[f"{s}_0"] for s in case.kind.states}
    for clamp in ({}, *({gate.key: np.full((2, H), 0.4)} for gate in case.kind.gates)):
        run = case.kind.train_forward(case.params, case.x, first, clamp)
        gradients, reached = case.kind.train_backward(case.params, run, case.dh)
        trace = forward(case.params, case.x, clamp, **case.first)
        wanted = backward(case.params, trace, case.dh)
        assert run.clamped == trace.clamped
        np.testing.assert_allclose(run.h, trace.h, atol=1e-12)
        for state in case.kind.states:
            np.testing.assert_allclose(run.last[state], trace.last[state], atol=1e-12)
        assert list(gradients) == list(case.params.names)
        for array, gradient in [*gradients.items(), ("h", reached)]:
            np.testing.assert_allclose(gradient, getattr(wanted, array), atol=1e-11)


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
        (lambda: step(p, x[0], h_prev=before["h_prev"]), "C_prev: expected numbers, got NoneType"),
        (lambda: step(p, x[0], h_0=zeros), r"h_0: expected some of \['h_prev', 'C_prev'\], as .* of a LSTM"),
        (lambda: step(p, x[0], **before | {"C_prev": zeros}), r"C_prev: expected shape \(2, 3\) \(hidden_size=3\)"),
        (lambda: forward(p, x[0, 0]), r"x: expected shape \(T, 2\) or \(T, B, 2\)"),
        (lambda: forward(p, x, C_0="a"), "C_0: expected numbers"),
        (lambda: forward(p, x, {"f": 2}), r"clamp\['f'\]: expected values from 0 to 1"),
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
    np.testing.assert_array_equal(trace.f, [held] * len(trace))
    again = pickle.loads(pickle.dumps(trace))
    np.testing.assert_array_equal(again.f, trace.f)
    np.testing.assert_array_equal(forward(case.params, case.x)[0].C_prev, np.zeros((2, H)))


def test_a_kind_must_bring_its_step_and_the_way_back():
    with pytest.raises(NotImplementedError):
        Kind().step(None, None, {})
    with pytest.raises(NotImplementedError):
        Kind().back(None, None, {}, {})


# --- bad input ------------------------------------------------------------------------------------------------


@ALL
def test_parameters_of_another_cell_are_refused(name):
    case, other = Case(name, 0), Case(name, 1)
    with pytest.raises(ValueError, match="^params: expected the parameters that made the trace"):
        backward(other.params, case.trace(), case.dh)
    with pytest.raises(ValueError, match="^b: expected at least one number"):
        Params(case.kind, W=case.params.W)
    with pytest.raises(ValueError, match="expected .* for a .*, got q"):
        Params(case.kind, **{n: getattr(case.params, n) for n in case.params.names}, q=1)
    for shape in [
        (0, 3),
        (3,),
        (1, 1, 2),
        (len(case.kind.gates) * 2 + (1 if len(case.kind.gates) > 1 else 0), 2),
    ]:
        with pytest.raises(ValueError, match="^W: expected"):
            Params(case.kind, W=np.ones(shape), b=np.ones(4))
