"""The settings of a training run, as the state of the training panel."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from lstm_lib.cell.kind import Kind
from lstm_lib.cell.kinds import LSTM, kind_of
from lstm_lib.checks import finite_number, instance, one_of, whole_number
from lstm_lib.explore.state import State
from lstm_lib.learning.run import OPTIMISERS, Snapshot
from lstm_lib.learning.tasks import TASKS, Task
from lstm_lib.views.theme import plain

LEARNING_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
MAX_NORMS = (0.1, 0.3, 1.0, 3.0, 10.0, np.inf)
SIZES = (1, 2, 4, 8, 16, 32)
CHECKS = {
    "cell": lambda name, value: kind_of(value),
    "clamp": partial(instance, kind=str),
    "optimiser": partial(one_of, choices=tuple(OPTIMISERS)),
    "learning_rate": partial(one_of, choices=LEARNING_RATES),
    "max_norm": partial(one_of, choices=MAX_NORMS),
    "hidden_size": partial(one_of, choices=SIZES),
    "forget_bias": partial(finite_number, low=-6, high=6),
    "seed": partial(whole_number, low=0),
}
NETWORK = ("cell", "clamp", "optimiser", "forget_bias", "hidden_size", "seed")
"""The settings that, with the task, make the network: a change ends the current run and prepares a new one."""


@dataclass(frozen=True, eq=False)
class Training(State):
    """The settings; `seen`, the last snapshot of the run; the losses of the run before."""

    task: Task = TASKS["delayed recall"]
    cell: Kind = LSTM
    clamp: str = ""
    optimiser: str = "Adam"
    learning_rate: float = 0.01
    max_norm: float = 1.0
    forget_bias: float = 1.0
    hidden_size: int = 8
    seed: int = 0
    seen: Snapshot | None = None
    losses_before: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def network(self):
        """The task and the settings that make the network."""
        return {"task": self.task, **{name: getattr(self, name) for name in NETWORK}}

    @property
    def gates(self):
        """The keys of the cell's gates, without the candidate."""
        return [gate.key for gate in self.cell.gates if gate.low == 0]

    @property
    def biased(self):
        """What the initial forget bias sets of gates that are not clamped, in words; "" if nothing."""
        gates = [gate for gate in self.cell.gates if gate.biased and gate.key != self.clamp]
        if len(gates) == 1 and gates[0].biased > 0:
            return f"initial b_{gates[0].block}"
        return "bias to keep" if gates else ""

    @property
    def text(self):
        """The settings in words."""
        clamped = f", {self.clamp} clamped at 1" if self.clamp else ""
        biased = f", {self.biased} = {plain(self.forget_bias)}" if self.biased else ""
        clip = "not clipped" if self.max_norm == np.inf else f"clipped at {plain(self.max_norm)}"
        units = f"{self.hidden_size} unit{'s' if self.hidden_size > 1 else ''}"
        return f"{self.cell.name}{clamped}{biased}, {units}, {self.optimiser}, learning rate {plain(self.learning_rate, 4)}, {clip}"
