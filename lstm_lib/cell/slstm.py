"""The sLSTM cell of the xLSTM (Beck et al. 2024): exponential input gate, one head, without the surrounding block.

    f_t = σ(z_f)    i_t = exp(z_i)    o_t = σ(z_o)    C̃_t = tanh(z_C)
    C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t    n_t = f_t ⊙ n_{t-1} + i_t    h_t = o_t ⊙ C_t / n_t

Since exp can overflow, C_t and n_t are stored divided by exp(m_t), which leaves h_t the same.

    m_t = max(ln f_t + m_{t-1}, ln i_t)    f'_t = exp(ln f_t + m_{t-1} − m_t)    i'_t = exp(ln i_t − m_t)
    C_t = f'_t ⊙ C_{t-1} + i'_t ⊙ C̃_t    n_t = f'_t ⊙ n_{t-1} + i'_t

This second form is written by hand. The paper also allows exp for the forget gate; its code uses σ, as here.
"""

import numpy as np

from lstm_lib.cell.activations import exponential, sigmoid_of
from lstm_lib.cell.kind import Kind


class SLSTM(Kind):
    """Exponential input gate, with a normaliser n and a stabiliser m."""

    def __init__(self, name, *equations, **about):
        super().__init__(name, *equations, **about)
        self.states = [*self.states, "m"]

    def run(self, params, x, before, clamp):
        """As for every kind, by the second form."""
        return Stabilised(params, x, before, clamp)

    @staticmethod
    def value(s, field):
        """C and n multiplied by exp(m), as in the first form."""
        state, _, when = field.partition("_")
        value = getattr(s, field)
        if state not in ("C", "n") or when not in ("prev", "t"):
            return value
        with np.errstate(over="ignore", invalid="ignore"):  # 0 · ∞ is 0 here
            return np.where(value == 0, value, value * exponential(getattr(s, f"m_{when}")))


class Stabilised:
    """All steps by the second form, and back; with the attributes of a Pass."""

    def __init__(self, params, x, before, clamp):
        self.params, self.clamped, self.steps, now = params, tuple(clamp), [], dict(before)
        for x_t in x:
            before = {f"{name}_prev": value for name, value in now.items()}
            values = _step(params, x_t, clamp, **before)
            self.steps.append({"x_t": x_t, **before, **values})
            now = {name: values[f"{name}_t"] for name in now}
        self.last = now

    def of(self, name):
        """(T, B, H) of a value."""
        return np.stack([step[name] for step in self.steps])

    h = property(lambda self: self.of("h_t"))

    def back(self, params, dh, at_end=None, inputs=True):
        """The chain rule for the second form; ḋm is 0 if the loss depends only on h."""
        g = {name: np.zeros_like(getattr(params, name)) for name in params.names}
        d = {n: (at_end or {}).get(n, np.zeros_like(self.last[n])) for n in self.last}
        reached, dx = [], []
        for s, dh_t in zip(self.steps[::-1], dh[::-1], strict=True):
            d["h"] = d["h"] + dh_t
            dz, d_now, d = _back(s, d, self.clamped)
            reached.append(d_now)
            seen = np.concatenate([s["h_prev"], s["x_t"]], axis=-1)
            g["W"] += dz.T @ seen
            g["b"] += dz.sum(axis=0)
            d["h"], dx_t = np.split(dz @ params.W, [params.hidden_size], axis=-1)
            dx.append(dx_t)
        every = {name: np.stack([values[name] for values in reached[::-1]]) for name in self.last}
        return g, np.stack(dx[::-1]) if inputs else None, d, every


def _step(p, x_t, clamp, h_prev, C_prev, n_prev, m_prev):
    z = np.concatenate([h_prev, x_t], axis=-1) @ p.W.T + p.b
    z_f, z_i, z_o, z_C = np.split(z, 4, axis=-1)
    f_t, i_t = clamp.get("f", sigmoid_of(z_f)), clamp.get("i", exponential(z_i))
    o_t, C_tilde = clamp.get("o", sigmoid_of(z_o)), clamp.get("C_tilde", np.tanh(z_C))
    log_f = log(f_t) if "f" in clamp else -np.logaddexp(0, -z_f)
    log_i = log(i_t) if "i" in clamp else z_i
    m_t = np.maximum(log_f + m_prev, log_i)
    m_t = np.where(np.isneginf(m_t), m_prev, m_t)  # both gates are clamped at 0
    kept_share, written_share = np.exp(log_f + m_prev - m_t), np.exp(log_i - m_t)
    C_t = kept_share * C_prev + written_share * C_tilde
    n_t = kept_share * n_prev + written_share
    ratio = C_t / divisor(n_t)
    return {"z_f": z_f, "z_i": z_i, "z_o": z_o, "z_C": z_C, "f_t": f_t, "i_t": i_t, "o_t": o_t, "C_tilde": C_tilde,
            "kept_share": kept_share, "written_share": written_share, "C_t": C_t, "n_t": n_t, "m_t": m_t,
            "of_f": m_t > log_i, "ratio": ratio, "h_t": o_t * ratio}  # fmt: skip


def _back(s, d, clamped):
    """∂loss/∂ the pre-activations, ∂loss/∂ the states after the step, and before it."""
    dh, n = d["h"], divisor(s["n_t"])
    dC = d["C"] + dh * s["o_t"] / n
    dn = d["n"] - dh * s["o_t"] * s["ratio"] / n
    dm = d["m"] - dC * s["C_t"] - dn * s["n_t"]
    # m is the larger of two, and only that one moves it
    d_kept = (dC * s["C_prev"] + dn * s["n_prev"]) * s["kept_share"] + dm * s["of_f"]
    d_written = (dC * s["C_tilde"] + dn) * s["written_share"] + dm * ~s["of_f"]
    dz = {
        "f": d_kept * (1 - s["f_t"]),
        "i": d_written,
        "o": dh * s["ratio"] * s["o_t"] * (1 - s["o_t"]),
        "C_tilde": dC * s["written_share"] * (1 - s["C_tilde"] ** 2),
    }
    dz = np.concatenate([value * (key not in clamped) for key, value in dz.items()], axis=-1)
    before = {"h": None, "C": dC * s["kept_share"], "n": dn * s["kept_share"], "m": d_kept}
    return dz, {"h": dh, "C": dC, "n": d["n"], "m": d["m"]}, before


def log(value):
    """ln(value), −∞ for 0."""
    with np.errstate(divide="ignore"):
        return np.log(value)


def divisor(n):
    """n, but ∞ for 0: while nothing is written, h is 0."""
    return np.where(n == 0, np.inf, n)
