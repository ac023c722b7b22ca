"""The LSTM with peepholes, and variants that leave out or change one part (Greff et al. 2017).

    f_t = σ(W_f · [h_{t-1}; x_t] + p_f ⊙ C_{t-1} + b_f)      i_t likewise
    C_t = f_t ⊙ C_{t-1} + i_t ⊙ g(W_C · [h_{t-1}; x_t] + b_C)
    o_t = σ(W_o · [h_{t-1}; x_t] + p_o ⊙ C_t + b_o)          h_t = o_t ⊙ k(C_t)

Peepholes: Gers & Schmidhuber 2000. Without them it is the plain LSTM, which Greff et al. call NP.
"""

import numpy as np

from lstm_lib.cell.activations import IDENTITY, SYMBOL, TANH
from lstm_lib.cell.gates import CANDIDATE, FORGET, INPUT, OUTPUT, Coupled
from lstm_lib.cell.kind import Kind, blocks, outer, total
from lstm_lib.cell.params import Params

GREFF = "Greff et al. 2017 (arXiv 1503.04069)"
F, I, O = FORGET.but(also=("C_prev",)), INPUT.but(also=("C_prev",)), OUTPUT.but(also=("C_t",))  # noqa: E741


class Vanilla(Kind):
    """Peepholes into all three gates. A gate that is not in `gates` is always 1.

    k : the activation of C_t
    """

    name = "vanilla"
    sentence = "the LSTM with peepholes: its gates see the cell state as well"
    source = f"Gers & Schmidhuber 2000; {GREFF}"
    gates = (F, I, O, CANDIDATE)
    k = TANH

    @property
    def shown(self):
        """With the activation k."""
        return "C", SYMBOL[self.k], "o"

    @property
    def equations(self):
        """Made from the gate table, `coupled` and k."""
        f, i, o = (self.has(key) or key in self.coupled for key in "fio")
        lines = [gate.equation for gate in self.gates]
        lines += [f"{coupled.field} = {coupled.rule}" for coupled in self.coupled.values()]
        kept, written = "f_t ⊙ C_{t-1}" if f else "C_{t-1}", "i_t ⊙ C̃_t" if i else "C̃_t"
        shown = "tanh(C_t)" if self.k is TANH else "C_t"
        return (*lines, f"C_t = {kept} + {written}", f"h_t = o_t ⊙ {shown}" if o else f"h_t = {shown}")

    def peepholes(self):
        """The keys of the gates with a peephole."""
        return [gate.key for gate in self.gates if {"C_prev", "C_t"} & set(gate.sees)]

    def more_shapes(self, H):
        """p, one number per unit and peephole, in the order of the gates."""
        return {"p": (len(self.peepholes()) * H,)} if self.peepholes() else {}

    def pulled(self, params, **sees):
        """And without the peepholes that are gone."""
        new, arrays = self.but(**sees), {name: getattr(params, name) for name in params.names}
        if old := self.peepholes():
            through = dict(zip(old, blocks(arrays.pop("p"), len(old)), strict=True))
            if new.peepholes():
                arrays["p"] = np.concatenate([through[key] for key in new.peepholes()])
        return Params(new, **arrays)

    def step(self, p, x_t, clamp, h_prev, C_prev, gates_prev=None):
        """The equations above."""
        z = {gate.key: z for gate, z in zip(self.gates, self.z(p, h_prev, x_t), strict=True)}
        through = (
            dict(zip(self.peepholes(), blocks(p.p, len(self.peepholes())), strict=True))
            if self.peepholes()
            else {}
        )
        if gates_prev is not None:
            for key, recurrent in zip("fio", blocks(gates_prev @ p.R.T, 3), strict=True):
                z[key] = z[key] + recurrent
        for key in ("f", "i"):
            if key in through:
                z[key] = z[key] + through[key] * C_prev
        C_tilde = self.gate("C_tilde", z["C_tilde"], clamp)
        one = np.ones_like(C_prev)
        f_t, i_t = self.f_and_i(z, clamp, one)
        kept, written = f_t * C_prev, i_t * C_tilde
        C_t = kept + written
        if "o" in through:
            z["o"] = z["o"] + through["o"] * C_t
        o_t = self.gate("o", z["o"], clamp) if "o" in z else one
        k_C = self.k.of(C_t)
        values = {f"z_{gate.block}": z[gate.key] for gate in self.gates}
        values |= {"f_t": f_t, "i_t": i_t, "o_t": o_t, "C_tilde": C_tilde, "kept": kept, "written": written,
                   "C_t": C_t, "k_C": k_C, "h_t": o_t * k_C}  # fmt: skip
        return values | ({} if gates_prev is None else {"gates_t": np.concatenate([f_t, i_t, o_t], axis=-1)})

    def f_and_i(self, z, clamp, one):
        """The forget and the input gate from their pre-activations."""
        i_t = self.gate("i", z["i"], clamp) if "i" in z else one
        f_t = 1 - i_t if self.coupled else self.gate("f", z["f"], clamp) if "f" in z else one
        return f_t, i_t

    def back(self, p, s, d, g):
        """The chain rule for the equations above, from the last to the first."""
        through = (
            dict(zip(self.peepholes(), blocks(p.p, len(self.peepholes())), strict=True))
            if self.peepholes()
            else {}
        )
        dh, later = d["h"], blocks(d["gates"], 3) if "gates" in d else (0.0, 0.0, 0.0)
        dC = d["C"] + dh * s.o_t * self.k.slope(s.k_C)
        dz = {}
        if self.has("o"):
            dz["o"] = self.dz_of("o", s, dh * s.k_C + later[2])
            dC = dC + through.get("o", 0.0) * dz["o"]
        d["C"] = dC
        dz["C_tilde"] = self.dz_of("C_tilde", s, dC * s.i_t)
        dz |= self.back_through_f_and_i(s, dC * s.C_prev + later[0], dC * s.C_tilde + later[1])
        dC_prev = dC * s.f_t
        for key in ("f", "i"):
            if key in through:
                dC_prev = dC_prev + through[key] * dz[key]
        if through:
            meets = {"f": s.C_prev, "i": s.C_prev, "o": s.C_t}
            g["p"] += np.concatenate([total(dz[key] * meets[key]) for key in through])
        before = {"C": dC_prev}
        if "gates" in d:
            dz_gates = np.concatenate([dz[key] for key in "fio"], axis=-1)
            g["R"] += outer(dz_gates, s.gates_prev)
            before["gates"] = dz_gates @ p.R
        every = np.concatenate([dz[gate.key] for gate in self.gates], axis=-1)
        before["h"], dx_t = self.back_through_W(p, every, g, s.h_prev, s.x_t)
        return dx_t, before

    def back_through_f_and_i(self, s, df, di):
        """∂loss/∂z of the forget and the input gate, if the kind has them."""
        if self.coupled:
            di = di - df
        return {key: self.dz_of(key, s, d) for key, d in (("f", df), ("i", di)) if self.has(key)}

    def has(self, key):
        """Whether the kind has this gate."""
        return any(gate.key == key for gate in self.gates)


class NIG(Vanilla):
    """No input gate."""

    name, source = "NIG", GREFF
    sentence = "with peepholes, without an input gate: every candidate is added in full"
    gates = (F, O, CANDIDATE)


class NFG(Vanilla):
    """No forget gate."""

    name, source = "NFG", GREFF
    sentence = "with peepholes, without a forget gate: what was added never decays"
    gates = (I, O, CANDIDATE)


class NOG(Vanilla):
    """No output gate."""

    name, source = "NOG", GREFF
    sentence = "with peepholes, without an output gate: the whole memory is always shown"
    gates = (F, I, CANDIDATE)


class NIAF(Vanilla):
    """No input activation function."""

    name, sentence, source = "NIAF", "with peepholes: its candidate is not squashed", GREFF
    gates = (F, I, O, CANDIDATE.but(activation=IDENTITY))


class NOAF(Vanilla):
    """No output activation function."""

    name, sentence, source = "NOAF", "with peepholes: its cell state is shown without tanh", GREFF
    k = IDENTITY


class CIFG(Vanilla):
    """Coupled input and forget gate."""

    name, source = "CIFG", GREFF
    sentence = "with peepholes: it forgets exactly as much as it writes"
    gates = (I.but(keeps=-1), O, CANDIDATE)
    coupled = {"f": Coupled("i", "1 − i_t", "f_t")}


class FGR(Vanilla):
    """Full gate recurrence."""

    name, sentence = "FGR", "with peepholes: its gates also see all gates of the step before"
    source = f"Hochreiter & Schmidhuber 1997; {GREFF}"
    gates = (*(gate.but(also=("gates_prev",)) for gate in (F, I, O)), CANDIDATE)
    states = {"h": 1, "C": 1, "gates": 3}

    def more_shapes(self, H):
        """R, which acts on [f; i; o]_{t-1}."""
        return {**super().more_shapes(H), "R": (3 * H, 3 * H)}


class XGated(Vanilla):
    """The plain LSTM with gates that do not see the state; its candidate does."""

    name, sentence = (
        "x-gated",
        "the LSTM without the wires from h to its three gates: they see the input alone",
    )
    source = "an ablation of this course; minLSTM cuts the candidate's wire too: Feng et al. 2024 (arXiv 2410.01201)"
    gates = (*(gate.but(sees=("x_t",)) for gate in (FORGET, INPUT, OUTPUT)), CANDIDATE)


class LSTM1997(Vanilla):
    """The first LSTM, without a forget gate.

    The gate recurrence of 1997 is in FGR. Its activations 2·tanh(z/2) and tanh(C/2) equal those here if C and the
    candidate's weights are halved. Its gradient was truncated outside the cell state; here it is full.
    """

    name, sentence = "1997", "the first LSTM: no forget gate yet, and no peepholes"
    source = "Hochreiter & Schmidhuber 1997 (doi 10.1162/neco.1997.9.8.1735)"
    gates = (INPUT, OUTPUT, CANDIDATE)


class JANET(Vanilla):
    """Only a forget gate; the input gate follows from it: i_t = 1 − σ(z_f − 1)."""

    name, sentence = "JANET", "only a forget gate: what is not kept is replaced, and everything is shown"
    source = "van der Westhuizen & Lasenby 2018 (arXiv 1804.04849), with its β = 1"
    gates = (FORGET, CANDIDATE)
    k = IDENTITY
    coupled = {"i": Coupled("f", "1 − σ(z_f − 1)", "i_t")}

    def f_and_i(self, z, clamp, one):
        """If f_t is clamped, i_t is 1 − f_t."""
        f_t = self.gate("f", z["f"], clamp)
        return f_t, 1 - (f_t if "f" in clamp else self.of("f").activation.of(z["f"] - 1))

    def back_through_f_and_i(self, s, df, di):
        """Both depend on z_f."""
        return {"f": self.dz_of("f", s, df) - (0.0 if "f" in s.clamped else di * s.i_t * (1 - s.i_t))}
