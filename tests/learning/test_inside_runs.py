"""The stored tables of notebook 10 are those of tools/inside_runs.py."""

import numpy as np
import pytest
from rounding import same_errors

from lstm_lib import Network, stored_network, stored_table
from lstm_lib.learning.grammar import GRAMMAR_WORDS
from lstm_lib.learning.stored import FOLDER


@pytest.fixture
def runs(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER.parents[1] / "tools")
    import inside_runs

    return inside_runs


def close(measured, stored, start, within):
    for group, values in measured.items():
        for name, value in values.items():
            assert value == pytest.approx(stored[group][name][start], abs=within), (group, name)


def test_the_stored_network_is_a_start_of_the_table(runs, monkeypatch):
    """Of start 10 whose network is stored; its transplants and pushes."""
    net, table = stored_network("sentiment"), stored_table("inside")
    states, nots, nouns = runs.before_adjectives(net, 10)
    measured = {"push": runs.pushes(net, states, nots, nouns, 10), "transplant": runs.transplants(net, 10)}
    close(measured, table, 10, 0.02)
    assert all(len(v) == table["starts"] for g in table.values() if isinstance(g, dict) for v in g.values())


@pytest.mark.parametrize("start", [1, 10])
def test_an_untrained_state_shows_a_not_but_not_that_two_cancel(runs, start):
    network = Network(len(GRAMMAR_WORDS), 8, 2, np.random.default_rng([start, 22]))
    states, odd, _ = runs.before_adjectives(network, start)
    some = np.maximum.accumulate(odd)  # first come the sentences without "not", then one, then two
    assert some.mean() < 0.7 and runs.held_out(states, some, start) > 0.9
    assert runs.held_out(states, odd, start) < 0.72


@pytest.mark.proof
@pytest.mark.parametrize("start", [0, 7])
def test_the_insides_can_be_measured_again(runs, start):
    close(runs.look_into(runs.trained(start, {}), start), stored_table("inside"), start, 0.15)


@pytest.mark.proof
def test_the_ablations_can_be_measured_again(runs, monkeypatch):
    """Single starts amplify rounding, so eight of them are compared with the twenty that are stored."""
    monkeypatch.setattr(runs, "STARTS", 8)
    now, stored = runs.ablation(), stored_table("ablation")
    for gate in "fio":
        for way, errors in now[gate].items():
            assert same_errors(errors, stored[gate][way]), (gate, way, np.sort(errors))
