"""A reduced GRU whose steps can be computed in parallel (Feng et al. 2024).

    u_t = σ(W_u · x_t + b_u)    h̃_t = W_h · x_t + b_h
    h_t = (1 − u_t) ⊙ h_{t-1} + u_t ⊙ h̃_t

Only the last line depends on h_{t-1}. An open update gate (z in the paper) replaces the state, as in Chung et al. 2014.
"""

from lstm_lib.cell.gates import IDENTITY, NEW_STATE, UPDATE, Coupled
from lstm_lib.cell.kind import Kind


class MinGRU(Kind):
    """Gates that see only x_t."""

    name = "minGRU"
    sentence = "no gate sees the state, so all steps can be computed in parallel"
    source = "Feng et al. 2024 (arXiv 2410.01201)"
    gates = (UPDATE.but(sees=("x_t",), keeps=-1), NEW_STATE.but(sees=("x_t",), activation=IDENTITY))
    states = {"h": 1}
    lanes = {"h": ("rest", "u", "h_tilde")}
    coupled = {"rest": Coupled("u", "1 − u_t", "rest")}
    shown = ()
    equations = (*(gate.equation for gate in gates), "h_t = (1 − u_t) ⊙ h_{t-1} + u_t ⊙ h̃_t")

    def step(self, p, x_t, clamp, h_prev):
        """The equations above."""
        z_u, z_h = self.z(p, x_t)
        u_t, h_tilde = self.gate("u", z_u, clamp), self.gate("h_tilde", z_h, clamp)
        rest = 1 - u_t
        return {
            "z_u": z_u,
            "z_h": z_h,
            "u_t": u_t,
            "rest": rest,
            "h_tilde": h_tilde,
            "h_t": rest * h_prev + u_t * h_tilde,
        }

    def back(self, p, s, d, g):
        """The chain rule for the equations above."""
        dh = d["h"]
        dz = self.dz(s, u=dh * (s.h_tilde - s.h_prev), h_tilde=dh * s.u_t)
        (dx_t,) = self.back_through_W(p, dz, g, s.x_t)
        return dx_t, {"h": dh * s.rest}
