"""Every kind of cell: its name, its equations, a sentence, and the paper it is from."""

from lstm_lib.cell.kind import Kind
from lstm_lib.checks import quoted

GREFF = "Greff et al. 2017 (arXiv 1503.04069)"
H97, CHO = (
    "Hochreiter & Schmidhuber 1997 (doi 10.1162/neco.1997.9.8.1735)",
    "Cho et al. 2014 (arXiv 1406.1078)",
)
FENG = "Feng et al. 2024 (arXiv 2410.01201)"


def gate(block, sees="[h_{t-1}; x_t]", more="", symbol="", squash="σ"):
    """The equation of a gate: W · what it sees + more + b, squashed."""
    z = f"W_{block} · {sees} + {more}b_{block}"
    return f"{symbol or block + '_t'} = {squash}({z})" if squash else f"{symbol} = {z}"


def candidate(sees="[h_{t-1}; x_t]", symbol="C̃_t", squash="tanh"):
    """The equation of a candidate."""
    return gate(symbol[0], sees, symbol=symbol, squash=squash)


def peephole(block, memory="C_{t-1}", more=""):
    """The equation of a gate that also sees the memory, unit by unit (Gers & Schmidhuber 2000)."""
    return gate(block, more=f"p_{block} ⊙ {memory} + {more}")


f, i, o, u, r, new = gate("f"), gate("i"), gate("o"), gate("u"), gate("r"), candidate()
F, I, O = peephole("f"), peephole("i"), peephole("o", "C_t")  # noqa: E741
MEMORY, SHOWN = "C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t", "h_t = o_t ⊙ tanh(C_t)"
ADDED, MIXED = "C_t = C_{t-1} + i_t ⊙ C̃_t", "h_t = u_t ⊙ h_{t-1} + (1 − u_t) ⊙ h̃_t"
GATES_BEFORE = "R_{} · [f_{{t-1}}; i_{{t-1}}; o_{{t-1}}] + "
FGR = [peephole(b, c, GATES_BEFORE.format(b)) for b, c in (("f", "C_{t-1}"), ("i", "C_{t-1}"), ("o", "C_t"))]

# exp can overflow, so C_t and n_t are stored divided by exp(m_t), which leaves h_t the same. Where both gates are clamped
# at 0, m_t has a lowest value; where nothing is written yet, n_t has. The paper also allows exp for the forget gate.
I_EXP = gate("i", squash="exp")
KEPT, WRITTEN = "exp(ln(f_t) + m_{t-1} − m_t)", "exp(ln(i_t) − m_t)"
STABLE = (f, I_EXP, o, new, "m_t = max(max(ln(f_t) + m_{t-1}, ln(i_t)), −1e30)", f"C_t = {KEPT} ⊙ C_{{t-1}} + {WRITTEN} ⊙ C̃_t",
          f"n_t = {KEPT} ⊙ n_{{t-1}} + {WRITTEN}", "h_t = o_t ⊙ C_t / max(n_t, 1e-30)")  # fmt: skip

LSTM = Kind("LSTM", f, i, o, new, MEMORY, SHOWN, paper=f"{H97}; Gers, Schmidhuber & Cummins 2000",
            sentence="three gates decide what the cell state keeps, takes in and shows")  # fmt: skip
RNN = Kind("RNN", gate("h", squash="tanh"), paper="Elman 1990 (doi 10.1207/s15516709cog1402_1)",
           sentence="the hidden state is recomputed at every step")  # fmt: skip

# The 1997 cell's gate recurrence is in FGR. Its activations 2·tanh(z/2) and tanh(C/2) equal those here if C and the
# candidate's weights are halved. Its gradient was truncated outside the cell state; here it is full.
ALL = (
    LSTM,
    Kind("vanilla", F, I, new, MEMORY, O, SHOWN, paper=f"Gers & Schmidhuber 2000; {GREFF}",
         sentence="the LSTM with peepholes: its gates see the cell state as well"),
    Kind("NIG", F, new, "C_t = f_t ⊙ C_{t-1} + C̃_t", O, SHOWN, paper=GREFF,
         sentence="with peepholes, without an input gate: every candidate is added in full"),
    Kind("NFG", I, new, ADDED, O, SHOWN, paper=GREFF,
         sentence="with peepholes, without a forget gate: what was added never decays"),
    Kind("NOG", F, I, new, MEMORY, "h_t = tanh(C_t)", paper=GREFF,
         sentence="with peepholes, without an output gate: the whole memory is always shown"),
    Kind("NIAF", F, I, candidate(squash=""), MEMORY, O, SHOWN, paper=GREFF,
         sentence="with peepholes: its candidate is not squashed"),
    Kind("NOAF", F, I, new, MEMORY, O, "h_t = o_t ⊙ C_t", paper=GREFF,
         sentence="with peepholes: its cell state is shown without tanh"),
    Kind("CIFG", I, "f_t = 1 − i_t", new, MEMORY, O, SHOWN, paper=GREFF,
         sentence="with peepholes: it forgets exactly as much as it writes"),
    # Its gates are states too, since they are read one step later.
    Kind("FGR", *FGR[:2], new, MEMORY, FGR[2], SHOWN, paper=f"Hochreiter & Schmidhuber 1997; {GREFF}",
         sentence="with peepholes: its gates also see all gates of the step before"),
    Kind("x-gated", *(gate(block, "x_t") for block in "fio"), new, MEMORY, SHOWN,
         sentence="the LSTM without the wires from h to its three gates: they see the input alone",
         paper=f"an ablation of this course; minLSTM cuts the candidate's wire too: {FENG}"),
    Kind("1997", i, o, new, ADDED, SHOWN, paper=H97,
         sentence="the first LSTM: no forget gate yet, and no peepholes"),
    # i_t has no weights of its own: it reads those of f_t, with a bias that is 1 lower.
    Kind("JANET", "z_f = W_f · [h_{t-1}; x_t] + b_f", "f_t = σ(z_f)", "i_t = 1 − σ(z_f − 1)", new, MEMORY, "h_t = C_t",
         paper="van der Westhuizen & Lasenby 2018 (arXiv 1804.04849), with its β = 1",
         sentence="only a forget gate: what is not kept is replaced, and everything is shown"),
    # The update gate u is called z in most papers; here z is a pre-activation.
    Kind("GRU", u, r, "h̃_t = tanh(W_h^x · x_t + r_t ⊙ (W_h^h · h_{t-1} + b^h) + b_h)", MIXED,
         paper=f"{CHO}, in the form of cuDNN, PyTorch and Keras",
         sentence="one gate sets what is kept and what is new; the reset gate scales a product with h_{t-1}"),
    Kind("GRU, reset before", u, r, candidate("[r_t ⊙ h_{t-1}; x_t]", "h̃_t"), MIXED, paper=CHO,
         sentence="one gate sets what is kept and what is new; the reset gate scales h_{t-1} itself"),
    # An open update gate replaces the state, as in Chung et al. 2014.
    Kind("minGRU", gate("u", "x_t"), candidate("x_t", "h̃_t", ""), "h_t = (1 − u_t) ⊙ h_{t-1} + u_t ⊙ h̃_t",
         paper=FENG, sentence="no gate sees the state, so all steps can be computed in parallel"),
    RNN,
    Kind("orthogonal RNN", gate("h", squash="tanh"), orthogonal=True,
         paper="Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120); Le, Jaitly & Hinton 2015 (arXiv 1504.00941)",
         sentence="a plain RNN that starts with an orthogonal W_h"),
    Kind("sLSTM", f, I_EXP, o, new, MEMORY, "n_t = f_t ⊙ n_{t-1} + i_t", "h_t = o_t ⊙ C_t / n_t",
         paper="Beck et al. 2024 (arXiv 2405.04517)", computed=STABLE, logs={"C": "m", "n": "m"},
         sentence="an input gate without an upper limit: a new input can outweigh all that is stored"),
)  # fmt: skip

KINDS = {kind.name: kind for kind in ALL}
"""{name: kind}, the LSTM first."""

GATES = {gate.key: gate for gate in LSTM.gates}
"""The LSTM's gates, in the order of the rows of W and b."""


def kind_of(cell):
    """A kind, or the one of that name in KINDS."""
    if isinstance(cell, Kind):
        return cell
    if not isinstance(cell, str) or cell not in KINDS:
        raise ValueError(f"cell: expected one of {', '.join(KINDS)}, or a Kind; got {quoted(cell)}")
    return KINDS[cell]
