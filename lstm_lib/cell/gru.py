"""The gated recurrent unit in both forms.

    u_t = σ(W_u · [h_{t-1}; x_t] + b_u)    r_t = σ(W_r · [h_{t-1}; x_t] + b_r)
    h̃_t = tanh(W_h · [r_t ⊙ h_{t-1}; x_t] + b_h)                    reset before the product (Cho et al. 2014)
    h̃_t = tanh(W_h^x · x_t + b_h + r_t ⊙ (W_h^h · h_{t-1} + b^h))   reset after it (cuDNN, PyTorch, Keras)
    h_t = u_t ⊙ h_{t-1} + (1 − u_t) ⊙ h̃_t

The update gate u is called z in most papers; here z is a pre-activation.
"""

import numpy as np

from lstm_lib.cell.gates import NEW_STATE, RESET, UPDATE, Coupled
from lstm_lib.cell.kind import Kind, outer, total

LAST = "h_t = u_t ⊙ h_{t-1} + (1 − u_t) ⊙ h̃_t"


class GRU(Kind):
    """Reset after the product: r scales W_h^h · h_{t-1} + b^h."""

    name = "GRU"
    sentence = "one gate sets what is kept and what is new; the reset gate scales a product with h_{t-1}"
    source = "Cho et al. 2014 (arXiv 1406.1078), in the form of cuDNN, PyTorch and Keras"
    gates = (UPDATE, RESET, NEW_STATE.but(sees=("x_t", "r_t * (W h_prev)")))
    states = {"h": 1}
    lanes = {"h": ("u", "rest", "h_tilde")}
    coupled = {"rest": Coupled("u", "1 − u_t", "rest")}
    shown = ()
    equations = (*(gate.equation for gate in gates), LAST)

    def more_shapes(self, H):
        """b^h of the product that the reset gate scales."""
        return {"b_hidden": (H,)}

    def step(self, p, x_t, clamp, h_prev):
        """The equations above."""
        z_u, z_r, _ = self.z(p, h_prev, x_t)
        u_t, r_t = self.gate("u", z_u, clamp), self.gate("r", z_r, clamp)
        z_h, more = self.new(p, x_t, h_prev, r_t)
        h_tilde = self.gate("h_tilde", z_h, clamp)
        rest = 1 - u_t
        h_t = u_t * h_prev + rest * h_tilde
        return {
            "z_u": z_u,
            "z_r": z_r,
            "z_h": z_h,
            "u_t": u_t,
            "r_t": r_t,
            "rest": rest,
            "h_tilde": h_tilde,
            "h_t": h_t,
            **more,
        }

    def back(self, p, s, d, g):
        """The chain rule for the equations above."""
        H, dh = p.hidden_size, d["h"]
        dz_h = self.dz_of("h_tilde", s, dh * s.rest)
        dr, dx_t, dh_prev = self.back_through_new(p, s, dz_h, g)
        dz = np.concatenate(
            [self.dz_of("u", s, dh * (s.h_prev - s.h_tilde)), self.dz_of("r", s, dr)], axis=-1
        )
        g["W"][: 2 * H] += outer(dz, np.concatenate([s.h_prev, s.x_t], axis=-1))
        g["b"] += total(np.concatenate([dz, dz_h], axis=-1))
        d_seen = dz @ p.W[: 2 * H]
        return dx_t + d_seen[..., H:], {"h": dh * s.u_t + dh_prev + d_seen[..., :H]}

    def new(self, p, x_t, h_prev, r_t):
        """z_h, and further values of the trace."""
        W_h, W_x = np.split(p.W[2 * p.hidden_size :], [p.hidden_size], axis=1)
        from_h = h_prev @ W_h.T + p.b_hidden
        return x_t @ W_x.T + p.b_h + r_t * from_h, {"from_h": from_h}

    def back_through_new(self, p, s, dz_h, g):
        """∂loss/∂ r_t, x_t and h_{t-1} through z_h."""
        W_h, W_x = np.split(p.W[2 * p.hidden_size :], [p.hidden_size], axis=1)
        rows, d_from_h = g["W"][2 * p.hidden_size :], dz_h * s.r_t
        rows[:, : p.hidden_size] += outer(d_from_h, s.h_prev)
        rows[:, p.hidden_size :] += outer(dz_h, s.x_t)
        g["b_hidden"] += total(d_from_h)
        return dz_h * s.from_h, dz_h @ W_x, d_from_h @ W_h


class GRUResetBefore(GRU):
    """Reset before the product: r scales h_{t-1} itself."""

    name = "GRU, reset before"
    sentence = "one gate sets what is kept and what is new; the reset gate scales h_{t-1} itself"
    source = "Cho et al. 2014 (arXiv 1406.1078)"
    gates = (UPDATE, RESET, NEW_STATE.but(sees=("r_t * h_prev", "x_t")))
    equations = (*(gate.equation for gate in gates), LAST)
    more_shapes = Kind.more_shapes

    def new(self, p, x_t, h_prev, r_t):
        """z_h, and further values of the trace."""
        reset = r_t * h_prev
        return np.concatenate([reset, x_t], axis=-1) @ p.W[2 * p.hidden_size :].T + p.b_h, {"reset": reset}

    def back_through_new(self, p, s, dz_h, g):
        """∂loss/∂ r_t, x_t and h_{t-1} through z_h."""
        g["W"][2 * p.hidden_size :] += outer(dz_h, np.concatenate([s.reset, s.x_t], axis=-1))
        d_reset, dx_t = np.split(dz_h @ p.W[2 * p.hidden_size :], [p.hidden_size], axis=-1)
        return d_reset * s.h_prev, dx_t, d_reset * s.r_t
