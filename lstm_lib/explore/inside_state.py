"""What the explorers of a trained network's inside share: the networks, how inputs are written, what a probe reads, the state."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.cell.lstm import lstm_forward
from lstm_lib.checks import quoted
from lstm_lib.explore.state import State
from lstm_lib.learning.grammar import BAD, GOOD, GRAMMAR_WORDS, corpus
from lstm_lib.learning.inside import (
    Probe,
    class_means,
    fit_probe,
    go_on,
    joined,
    lstm_of,
    margin,
    random_directions,
)
from lstm_lib.learning.stored import study
from lstm_lib.learning.tasks import TASKS

FEWEST, MOST, MOST_UNITS, DRAWS = 3, 30, 24, 10


class Subject:
    """A trained network, how its inputs are written, what it answers, and what its probe reads.

    text, other : examples;  filler : an input that says nothing;  reads : the label of the probe
    heading : of the answer, which lies between low and high;  verdicts : of answers below and above `middle`, if it has any
    """

    verdicts = ()
    low, high, middle = -1.5, 1.5, 0.0

    def __init__(self, network):
        self.network, self.params = network, lstm_of("network", network)
        if self.params.hidden_size > MOST_UNITS:
            raise ValueError(f"network: expected up to {MOST_UNITS} units, got {self.params.hidden_size}")
        if (found := self.params.input_size) != self.inputs:
            raise ValueError(f"network: expected {self.inputs} inputs ({self.name}), got {found}")

    def read(self, name, text):
        """(tokens, x (T, D)), or a ValueError that says what is wrong with the line `name`."""
        tokens = self.tokens(text)
        if not FEWEST <= len(tokens) <= MOST:
            raise ValueError(f"{name}: expected {FEWEST} to {MOST} {self.called}, got {len(tokens)}")
        return tokens, self.encoded(name, tokens)

    def answer(self, h):
        """The answer for hidden states (…, H)."""
        return margin(self.network, h)

    @cached_property
    def labelled_states(self):
        """(states (N, 2H), labels (N,)) on which the probe is fitted."""
        raise NotImplementedError

    @cached_property
    def probe(self) -> Probe:
        return fit_probe(*self.labelled_states)

    @cached_property
    def means(self):
        """The difference of the class means; its length is the unit of strength."""
        return class_means(*self.labelled_states)

    @cached_property
    def random(self):
        """DRAWS random directions."""
        return random_directions(np.random.default_rng(0), DRAWS, self.labelled_states[0].std(axis=0))


class Reviews(Subject):
    """The sentences of notebook 06."""

    name, called, inputs = "film reviews (06)", "words", len(GRAMMAR_WORDS)
    text, other = "the film was quite good last week", "the film was not good last week"
    step, filler, reads = 4, "really", "negated"
    heading, verdicts = "running verdict: probability of “good”", ("bad", "good")
    low, high, middle = 0.0, 1.0, 0.5

    def tokens(self, text):
        return GRAMMAR_WORDS.read(text)

    def encoded(self, name, tokens):
        return np.eye(len(GRAMMAR_WORDS))[[GRAMMAR_WORDS.indices(word)[0] for word in tokens]]

    def known(self, token):
        return token in GRAMMAR_WORDS

    def answer(self, h):
        return sigmoid(super().answer(h))

    @cached_property
    def labelled_states(self):
        """Just before the adjective: whether the number of nots so far is odd."""
        states, labels = [], []
        for k, kind in enumerate(("plain", "not", "not not")):
            for text in corpus(np.random.default_rng([0, k]), 120, kind=kind)[0]:
                words = text.split()
                at = next(j for j, word in enumerate(words) if word in GOOD + BAD)
                last = lstm_forward(self.params, self.encoded("", words[:at])).last
                states.append(joined(last["h"], last["C"]))
                labels.append(words.count("not") % 2)
        return np.array(states), np.array(labels)


class Numbers(Subject):
    """A task whose first input is a number and whose other inputs are marks, written as letters before it."""

    called, filler = "numbers", "0"

    def tokens(self, text):
        return text.replace("−", "-").replace(",", " ").lower().split()

    def encoded(self, name, tokens):
        x = np.zeros((len(tokens), self.inputs))
        for t, token in enumerate(tokens):
            found = re.fullmatch(rf"([{self.marks}]?)([+-]?(?:\d+\.?\d*|\.\d+))", token, flags=re.ASCII)
            if not found or abs(float(found[2])) > 10:
                raise ValueError(
                    f"{name}: {quoted(token)} is not a number from −10 to 10, or one after {self.explained}"
                )
            x[t, 0] = float(found[2])
            if found[1]:
                x[t, 1 + self.marks.index(found[1])] = 1
        return x

    def known(self, token):
        return True

    @cached_property
    def labelled_states(self):
        """At every step of random sequences."""
        batch = TASKS[self.task].draw(np.random.default_rng(0), 30, 20)
        trace = lstm_forward(self.params, batch.x)
        states = joined(trace.h, trace.C)
        return states.reshape(-1, states.shape[-1]), self.labels(batch).reshape(-1).astype(float)


class RunningSum(Numbers):
    """The running sum of notebook 02: a number a step, and a mark that resets."""

    name, task, inputs, marks, explained = "running sum (02)", "sum since reset", 2, "r", "r, a reset"
    text, other, step = "0.5 0.4 -0.2 r0.6 0.3 -0.1 0.2", "0.5 0.4 -0.2 r-0.6 0.3 -0.1 0.2", 4
    heading, reads, low, high = "answer: the sum since the reset", "sum above 0", -3.0, 3.0

    def labels(self, batch):
        return batch.target[..., 0] > 0


class Latch(Numbers):
    """The latch of notebook 04: a number a step, and marks that write it or ask for what is stored."""

    name, task, inputs, marks = "latch (04)", "latch", 3, "wq"
    explained = "w, write this, or q, a query (such as w1)"
    text, other, step = "w1 -1 1 -1 q1 -1 q-1", "w-1 -1 1 -1 q1 -1 q-1", 3
    heading, reads = "answer: what is stored, at a query", "+1 is stored"

    def labels(self, batch):
        stored, now = np.zeros(batch.x.shape[:2]), np.zeros(batch.x.shape[1])
        for t, x_t in enumerate(batch.x):
            stored[t] = now = np.where(x_t[:, 1] == 1, x_t[:, 0], now)
        return stored > 0


KINDS_OF_SUBJECTS = {
    Reviews.name: (Reviews, "sentiment"),
    RunningSum.name: (RunningSum, "sum_since_reset"),
    Latch.name: (Latch, "latch"),
}


@cache
def stored_subject(name):
    """The Subject called `name` with its stored network."""
    kind, where = KINDS_OF_SUBJECTS[name]
    return kind(study(where).network("LSTM"))


@dataclass(frozen=True, eq=False)
class Inside(State):
    """A network and an input; step : after which the state is changed, or which is blanked, from 1;  unit : the marked one

    direction, draw, strength : of a push
    edit, gate, value, every, other : of another change; every : whether it is made in all units
    shown : what the first map shows
    """

    subject: Subject
    text: str
    step: int = 1
    unit: int = 0
    direction: str = "unit"
    draw: int = 0
    strength: float = 0.0
    edit: str = "transplant"
    gate: str = "o"
    value: float = 0.0
    every: bool = False
    other: str = ""
    shown: str = "C"

    @cached_property
    def sequence(self):
        """(tokens, x) of the line."""
        return self.subject.read("input", self.text)

    @cached_property
    def trace(self):
        """The untouched run."""
        return lstm_forward(self.subject.params, self.sequence[1])

    @cached_property
    def state(self):
        """(h, C) after the step, joined."""
        return joined(self.trace.h[self.step - 1], self.trace.C[self.step - 1])

    @cached_property
    def rest(self):
        """The inputs after the step."""
        return self.sequence[1][self.step :]

    def gone_on(self, state):
        """h and C (T, H) of the run that goes on from `state` after the step."""
        rest = go_on(self.subject.params, self.rest, state)
        return tuple(
            np.concatenate([getattr(self.trace, n)[: self.step - 1], part[None], getattr(rest, n)])
            for n, part in zip("hC", np.split(state, 2), strict=True)
        )

    def with_subject(self, subject):
        """The state with another network and its example."""
        return self.but(
            subject=subject, text=subject.text, other=subject.other, step=subject.step, unit=0, value=0.0
        )

    def checked(self):
        """With step and unit within the sequence and the cell; ValueError for lines that cannot be read."""
        self.subject.read("other input", self.other)
        last = len(self.sequence[0]) - 1
        return self.but(step=min(self.step, last), unit=min(self.unit, self.subject.params.hidden_size - 1))
