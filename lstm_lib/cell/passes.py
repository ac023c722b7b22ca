"""The forward and backward pass through time for any kind of cell."""

import numpy as np

from lstm_lib.cell.params import Params, clamped_values, frozen
from lstm_lib.checks import as_floats, check_shape


def step(params, x_t, clamp=None, **before):
    """One step of any kind of cell, for a vector or a batch: a StepTrace.

    x_t : (D,) or (B, D);  before : h_prev=, C_prev=, … for each state of the kind, (H,) or (B, H)
    clamp : {"f": value, …} replaces a gate's computed value; a number, or an array that broadcasts to the state's shape
    """
    x_t = _inputs(params, "x_t", x_t, ())
    before, clamp = (
        _states(params, x_t.shape[:-1], before, "_prev"),
        clamped_values(params, clamp, x_t.shape[:-1]),
    )
    return walk(params, x_t[None], before, clamp)[0]


def forward(params, x, clamp=None, **first):
    """Run any kind of cell over x, (T, D) or (T, B, D): a SequenceTrace.

    first : initial states h_0=, C_0=, …, (H,) or (B, H); zero when left out;  clamp : as in `step`
    """
    x = _inputs(params, "x", x, ("T",))
    before = _states(params, x.shape[1:-1], first, "_0", zero=True)
    return walk(params, x, before, clamped_values(params, clamp, x.shape[1:-1]))


def backward(params, trace, dh, **at_end):
    """Full back-propagation through time: Gradients.

    params, trace : those of `forward`;  dh : shaped as trace.h, ∂loss/∂h_t of every step
    at_end : dC_T=, … shaped as trace.C_0, ∂loss/∂ a final state; zero when left out
    """
    _params(params)
    if not isinstance(trace, SequenceTrace):
        raise ValueError(f"trace: expected the trace of a forward pass, got {type(trace).__name__}")
    if trace.params.kind.name != params.kind.name or any(
        not np.array_equal(getattr(params, n), getattr(trace.params, n)) for n in params.names
    ):
        raise ValueError("params: expected the parameters that made the trace, got others")
    dh = as_floats("dh", dh, params.dtype)
    check_shape("dh", dh, trace.h.shape, why="(like trace.h)")
    given = {}
    for name, value in at_end.items():
        state = name.removeprefix("d").removesuffix("_T")
        if name != f"d{state}_T" or state not in params.kind.states:
            raise ValueError(f"{name}: expected some of {[f'd{s}_T' for s in params.kind.states]}")
        if value is not None:
            given[state] = as_floats(name, value, params.dtype)
            check_shape(name, given[state], getattr(trace, f"{state}_0").shape, why=f"(like trace.{state}_0)")
    return walk_back(params, trace, dh, given)


class StepTrace:
    """Every value of one step, read-only, by name: x_t, h_prev, C_prev, z_f, f_t, …, C_t, h_t.

    Vectors are (D,) and (H,); batches (B, D) and (B, H). `clamped` has the keys of clamped gates, whose z has no effect.
    """

    def __init__(self, values, clamped=()):
        self.__dict__.update(values, clamped=clamped)

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: a trace does not change")


class SequenceTrace:
    """Every value of every step, read-only: `trace.f` (T, …, H) holds f_t of each step, `trace[t]` is step t's StepTrace.

    It also has the initial states h_0, C_0. `len(trace)` is T.
    """

    def __init__(self, params, before, steps, clamped):
        self.__dict__.update(
            params=params, steps=steps, clamped=clamped, **{f"{n}_0": a for n, a in before.items()}
        )

    @property
    def last(self):
        """{state: final value}, from which a following sequence can start."""
        return {state: getattr(self.steps[-1], f"{state}_t") for state in self.params.kind.states}

    def __len__(self):
        return len(self.steps)

    def __getitem__(self, t):
        if not -len(self) <= t < len(self):
            raise IndexError(f"step {t} of a sequence of {len(self)} steps")
        return self.steps[t]

    def __getattr__(self, name):
        fields = self.__dict__["steps"][0].__dict__ if "steps" in self.__dict__ else {}
        field = f"{name}_t" if f"{name}_t" in fields else name
        if field not in fields:
            raise AttributeError(f"a trace of this kind of cell has no {name}")
        self.__dict__[name] = frozen(np.stack([getattr(step, field) for step in self.steps]))
        return self.__dict__[name]

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: a trace does not change")


class Gradients:
    """Gradients w.r.t. each parameter, x and the initial states (h_0, C_0), by name and with their shapes.

    `h`, `C` are the gradients w.r.t. each h_t and C_t, through the step's own loss and all later steps.
    """

    def __init__(self, values):
        self.__dict__.update(values)


def walk(params, x, before, clamp):
    """The SequenceTrace of all steps, for checked arguments."""
    kind, steps, clamped = params.kind, [], tuple(clamp)
    now = {f"{name}_prev": array for name, array in before.items()}
    for x_t in x:
        values = kind.step(params, x_t, clamp, **now)
        steps.append(StepTrace({"x_t": x_t, **now, **{n: frozen(v) for n, v in values.items()}}, clamped))
        now = {f"{name}_prev": values[f"{name}_t"] for name in before}
    return SequenceTrace(params, before, steps, clamped)


def walk_back(params, trace, dh, at_end):
    """Gradients from ∂loss/∂h of every step and ∂loss/∂ the final states."""
    kind = params.kind
    g = {name: np.zeros_like(getattr(params, name)) for name in params.names}
    dx, reached = np.empty_like(trace.x), {name: [] for name in kind.states}
    d = {n: at_end.get(n, np.zeros_like(getattr(trace, f"{n}_0"))) for n in kind.states}
    for t in reversed(range(len(trace))):
        d["h"] = d["h"] + dh[t]
        d_after = d
        dx[t], d = kind.back(params, trace.steps[t], d_after, g)
        for name, value in d_after.items():
            reached[name].append(value)
    if (wired := kind.wired(params.input_size, params.hidden_size)) is not None:
        g["W"] *= wired
    every = {name: np.stack(values[::-1]) for name, values in reached.items()}
    return Gradients({**g, "x": dx, **{f"{n}_0": value for n, value in d.items()}, **every})


def _params(params):
    if not isinstance(params, Params):
        raise ValueError(f"params: expected the parameters of a cell, got {type(params).__name__}")


def _inputs(params, name, x, time):
    _params(params)
    x, D = as_floats(name, x, params.dtype), params.input_size
    check_shape(name, x, (*time, D), (*time, "B", D), why=f"(input_size={D})")
    return frozen(x.copy())


def _states(params, batch, given, suffix, zero=False):
    """{state: array}, checked and copied; `given` has keys such as h_0 or C_prev."""
    names = [f"{state}{suffix}" for state in params.kind.states]
    if unknown := set(given) - set(names):
        raise ValueError(
            f"{sorted(unknown)[0]}: expected some of {names}, as params are those of a {params.kind.name}"
        )
    found = {}
    for state, size in params.kind.states.items():
        name, shape = f"{state}{suffix}", (*batch, size * params.hidden_size)
        value = given.get(name)
        if value is None and zero:
            value = np.zeros(shape, params.dtype)
        value = as_floats(name, value, params.dtype)
        check_shape(name, value, shape, why=f"(hidden_size={params.hidden_size})")
        found[state] = frozen(value.copy())
    return found
