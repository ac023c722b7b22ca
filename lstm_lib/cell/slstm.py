"""The sLSTM cell of the xLSTM (Beck et al. 2024): exponential input gate, one head, without the surrounding block.

    f_t = σ(z_f)    i_t = exp(z_i)    o_t = σ(z_o)    C̃_t = tanh(z_C)
    C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t    n_t = f_t ⊙ n_{t-1} + i_t    h_t = o_t ⊙ C_t / n_t

Since exp can overflow, C_t and n_t are stored divided by exp(m_t), which leaves h_t the same.

    m_t = max(ln f_t + m_{t-1}, ln i_t)    f'_t = exp(ln f_t + m_{t-1} − m_t)    i'_t = exp(ln i_t − m_t)
    C_t = f'_t ⊙ C_{t-1} + i'_t ⊙ C̃_t    n_t = f'_t ⊙ n_{t-1} + i'_t

The paper also allows exp for the forget gate; its code uses σ, as here.
"""

import numpy as np

from lstm_lib.cell.activations import exponential
from lstm_lib.cell.gates import CANDIDATE, EXP, FORGET, INPUT, OUTPUT
from lstm_lib.cell.kind import Kind


class SLSTM(Kind):
    """Exponential input gate, with a normaliser n and a stabiliser m."""

    name = "sLSTM"
    sentence = "an input gate without an upper limit: a new input can outweigh all that is stored"
    source = "Beck et al. 2024 (arXiv 2405.04517)"
    gates = (FORGET, INPUT.but(activation=EXP), OUTPUT, CANDIDATE)
    states = {"h": 1, "C": 1, "n": 1, "m": 1}
    lanes = {"C": ("f", "i", "C_tilde"), "n": ("f", "i", "")}
    shown = ("C", "/ n", "o")
    equations = (
        *(gate.equation for gate in gates),
        "C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t",
        "n_t = f_t ⊙ n_{t-1} + i_t",
        "h_t = o_t ⊙ C_t / n_t",
    )

    def step(self, p, x_t, clamp, h_prev, C_prev, n_prev, m_prev):
        """The second form of the equations above."""
        z_f, z_i, z_o, z_C = self.z(p, h_prev, x_t)
        f_t, i_t, o_t, C_tilde = (
            self.gate(key, z, clamp) for key, z in (("f", z_f), ("i", z_i), ("o", z_o), ("C_tilde", z_C))
        )
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
                "ratio": ratio, "h_t": o_t * ratio}  # fmt: skip

    def back(self, p, s, d, g):
        """The chain rule for these equations; ḋm is 0 if the loss depends only on h."""
        dh, n = d["h"], divisor(s.n_t)
        dC = d["C"] = d["C"] + dh * s.o_t / n
        dn = d["n"] - dh * s.o_t * s.ratio / n
        dm = d["m"] - dC * s.C_t - dn * s.n_t
        d_kept = (dC * s.C_prev + dn * s.n_prev) * s.kept_share
        d_written = (dC * s.C_tilde + dn) * s.written_share
        of_f = s.m_t > (log(s.i_t) if "i" in s.clamped else s.z_i)  # which argument of max is larger
        d_kept, d_written = d_kept + dm * of_f, d_written + dm * ~of_f
        dz = (
            d_kept * (1 - s.f_t),
            d_written,
            dh * s.ratio * s.o_t * (1 - s.o_t),
            dC * s.written_share * (1 - s.C_tilde**2),
        )
        dz = [dz_g * (gate.key not in s.clamped) for gate, dz_g in zip(self.gates, dz, strict=True)]
        dh_prev, dx_t = self.back_through_W(p, np.concatenate(dz, axis=-1), g, s.h_prev, s.x_t)
        return dx_t, {"h": dh_prev, "C": dC * s.kept_share, "n": dn * s.kept_share, "m": d_kept}

    @staticmethod
    def value(s, field):
        """C and n multiplied by exp(m), as in the first form."""
        state, _, when = field.partition("_")
        value = getattr(s, field)
        if state not in ("C", "n") or when not in ("prev", "t"):
            return value
        with np.errstate(over="ignore", invalid="ignore"):  # 0 · ∞ is 0 here
            return np.where(value == 0, value, value * exponential(getattr(s, f"m_{when}")))


def log(value):
    """ln(value), −∞ for 0."""
    with np.errstate(divide="ignore"):
        return np.log(value)


def divisor(n):
    """n, but ∞ for 0: while nothing is written, h is 0."""
    return np.where(n == 0, np.inf, n)
