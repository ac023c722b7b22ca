"""The forward and backward pass through time for any kind of cell, with checked arguments."""

from types import SimpleNamespace

import numpy as np

from lstm_lib.cell.params import Params, clamped_values, frozen
from lstm_lib.cell.trees import field_of
from lstm_lib.checks import as_floats, check_shape


def step(params, x_t, clamp=None, **before):
    """One step of any kind of cell, for a vector or a batch: a StepTrace.

    x_t : (D,) or (B, D);  before : h_prev=, C_prev=, … for each state of the kind, (H,) or (B, H)
    clamp : {"f": value, …} replaces a gate's computed value; a number, or an array that broadcasts to the state's shape
    """
    x_t, before, clamp = checked_step(params, x_t, clamp, before)
    return SequenceTrace(params, x_t[None], before, clamp)[0]


def checked_step(params, x_t, clamp, before):
    """The arguments of a step, checked and copied; the states by their names."""
    x_t = _inputs(params, "x_t", x_t, ())
    batch = x_t.shape[:-1]
    return x_t, _states(params, batch, before, "_prev"), clamped_values(params, clamp, batch)


def forward(params, x, clamp=None, **first):
    """Run any kind of cell over x, (T, D) or (T, B, D): a SequenceTrace.

    first : initial states h_0=, C_0=, …, (H,) or (B, H); zero when left out;  clamp : as in `step`
    """
    x = _inputs(params, "x", x, ("T",))
    before = _states(params, x.shape[1:-1], first, "_0", zero=True)
    return SequenceTrace(params, x, before, clamped_values(params, clamp, x.shape[1:-1]))


def backward(params, trace, dh, **at_end):
    """Full back-propagation through time: gradients w.r.t. each parameter, `x` and the initial states `h_0`, `C_0`, by name.

    Of `h`, `C` they are those w.r.t. each h_t and C_t, through the step's own loss and all later steps.

    params, trace : those of `forward`;  dh : shaped as trace.h, ∂loss/∂h_t of every step
    at_end : dC_T=, … shaped as trace.C_0, ∂loss/∂ a final state; zero when left out
    """
    params_of(params)
    if not isinstance(trace, SequenceTrace):
        raise ValueError(f"trace: expected the trace of a forward pass, got {type(trace).__name__}")
    if repr(trace.params.kind) != repr(params.kind) or any(
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
    batched = dh.ndim == 3
    if not batched:
        dh, given = dh[:, None], {name: value[None] for name, value in given.items()}
    of_parameters, dx, first, every = trace.run.back(params, dh, given)
    found = (
        {"x": dx, **every} if batched else {name: value[:, 0] for name, value in {"x": dx, **every}.items()}
    )
    found |= {f"{name}_0": value if batched else value[0] for name, value in first.items()}
    return SimpleNamespace(**of_parameters, **found)


class StepTrace:
    """Every value of one step, read-only, by name: x_t, h_prev, C_prev, z_f, f_t, …, C_t, h_t.

    Vectors are (D,) and (H,); batches (B, D) and (B, H). `clamped` has the keys of clamped gates, whose z has no effect.
    """

    def __init__(self, kind, values, clamped=(), more=None):
        self.__dict__.update({n: frozen(v.view()) for n, v in values.items()})
        self.__dict__.update(kind=kind, clamped=clamped, _more=more)

    def __getattr__(self, name):
        if self.__dict__.get("_more") is None:
            raise AttributeError(f"a trace has no {name}")
        trace, t = self._more
        self.__dict__[name] = trace.every(name)[t]
        return self.__dict__[name]

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: a trace does not change")


class SequenceTrace:
    """Every value of every step, read-only: `trace.f` (T, …, H) holds f_t of each step, `trace[t]` is step t's StepTrace.

    It also has the initial states h_0, C_0. `len(trace)` is T. Memory is kept for the gates, the states, and what the
    backward pass needs; any other value is computed when it is asked for.
    """

    def __init__(self, params, x, before, clamp):
        batched = x.ndim == 3
        first = {f"{n}_0": a for n, a in before.items()}
        if not batched:
            x, before = x[:, None], {n: a[None] for n, a in before.items()}
            clamp = {key: value[None] for key, value in clamp.items()}
        run = params.kind.run(params, x, before, clamp)
        self.__dict__.update(params=params, run=run, clamped=tuple(clamp), batched=batched, **first)

    @property
    def last(self):
        """{state: final value}, from which a following sequence can start."""
        return {state: self.every(field_of(state))[-1] for state in self.params.kind.states}

    def every(self, field):
        """A value of all steps by its name in a StepTrace."""
        if field not in self.__dict__:
            try:
                value = self.run.of(field)
            except KeyError:
                raise AttributeError(f"a trace of this kind of cell has no {field}") from None
            self.__dict__[field] = value if self.batched else value[:, 0]
        return self.__dict__[field]

    def __len__(self):
        return len(self.run.h)

    def __getitem__(self, t):
        if not -len(self) <= t < len(self):
            raise IndexError(f"step {t} of a sequence of {len(self)} steps")
        return StepTrace(self.params.kind, {}, self.clamped, (self, t))

    def __getattr__(self, name):
        if "run" not in self.__dict__:
            raise AttributeError(name)
        try:
            return self.every(f"{name}_t")
        except AttributeError:
            return self.every(name)

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: a trace does not change")


def params_of(params, kind=None):
    """`params`, which must be those of a cell, or of that kind."""
    if not isinstance(params, Params) or kind and repr(params.kind) != repr(kind):
        wanted = f"{kind.name}Params" if kind else "the parameters of a cell"
        raise ValueError(f"params: expected {wanted}, got {type(params).__name__}")
    return params


def _inputs(params, name, x, time):
    params_of(params)
    x, D = as_floats(name, x, params.dtype), params.input_size
    check_shape(name, x, (*time, D), (*time, "B", D), why=f"(input_size={D})")
    return x.copy()


def _states(params, batch, given, suffix, zero=False):
    """{state: array}, checked and copied; `given` has keys such as h_0 or C_prev."""
    names = [f"{state}{suffix}" for state in params.kind.states]
    if unknown := set(given) - set(names):
        raise ValueError(
            f"{sorted(unknown)[0]}: expected some of {names}, as params are those of a {params.kind.name}"
        )
    found, shape = {}, (*batch, params.hidden_size)
    for state, name in zip(params.kind.states, names, strict=True):
        value = given.get(name)
        if value is None and zero:
            value = np.zeros(shape, params.dtype)
        value = as_floats(name, value, params.dtype)
        check_shape(name, value, shape, why=f"(hidden_size={params.hidden_size})")
        found[state] = frozen(value.copy())
    return found
