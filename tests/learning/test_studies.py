"""The stored studies are those of tools/studies.py: their first updates are trained anew, and in `make proof` whole runs."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from rounding import alike, steady, with_draws
from tiers import quick

from lstm_lib import study
from lstm_lib.learning import stored

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import studies  # noqa: E402

STUDIES = studies.STUDIES
each = pytest.mark.parametrize("name", STUDIES)
ARMS = [(name, arm) for name, (_, _, arms) in STUDIES.items() for arm in arms]
QUICK = [(name, arm) for name, (_, _, arms) in STUDIES.items() for arm in (*arms,)[:: max(1, len(arms) - 1)]]
"""The first and the last arm of each study, which between them have every measure."""


def leaves(found, at=()):
    """(names, values) of all that is measured."""
    if isinstance(found, dict):
        for name, part in found.items():
            yield from leaves(part, (*at, name))
    else:
        yield at, np.asarray(found, float)


def measures(name, arm):
    """{names: (starts, …)} of what is stored of an arm."""
    return dict(leaves({k: v for k, v in vars(study(name).arms[arm]).items() if k != "settings"}))


@each
def test_a_study_is_as_the_table_says(name):
    arms, found = STUDIES[name][2], study(name)
    assert list(found.arms) == list(studies.there(name)) == list(arms)
    for arm in arms:
        had = found.arms[arm].settings
        assert json.dumps(had) == json.dumps(studies.settings_of(name, arm))
        assert all(len(values) == had["starts"] for values in measures(name, arm).values())
        assert len(stored.thetas(name).get(arm, ())) == len(had.get("kept", ()))
        shown = [value for value in had.values() if not isinstance(value, dict | list)]
        shown += [T for T, _ in had.get("tested", ())]
        assert all(str(value) in repr(found.arms[arm]) for value in shown) and arm in repr(found)


class Enough(Exception):
    """The loss of update EARLY."""


def early(name, arm, start):
    """The loss of update EARLY of the first run that a start trains."""

    def train(run):
        for record in run:
            if record.step == studies.EARLY:
                raise Enough(record.loss)

    with pytest.raises(Enough) as found:
        studies.measured(name, arm, start, train)
    return found.value.args[0]


@pytest.mark.parametrize("case", quick(ARMS, QUICK), ids=" ".join)
def test_the_first_updates_are_those_of_the_stored_run(case):
    """What trains no network is measured as a whole. Where rounding is amplified, as where a gradient grows, nothing is compared."""
    start, kept = studies.settings_of(*case)["starts"] - 1, measures(*case)
    if ("early",) not in kept:
        for at, value in leaves(studies.measured(*case, start, None)):
            np.testing.assert_allclose(kept[at][start], value, rtol=1e-3, atol=1e-12, err_msg=str(at))
        return
    found = with_draws(lambda: early(*case, start))
    if not steady(found):
        assert "gain 2" in str(studies.settings_of(*case)), found
    else:
        np.testing.assert_allclose(found, kept["early",][start], rtol=2e-3)


KEPT = [
    (*case, studies.settings_of(*case)["kept"][0]) for case in ARMS if "kept" in studies.settings_of(*case)
]


@pytest.mark.parametrize("case", KEPT, ids=lambda case: " ".join(map(str, case)))
def test_what_is_stored_was_measured_of_the_network_that_was_kept(case):
    name, arm, start = case
    network = study(name).network(arm, start)
    for at, value in leaves(studies.measured(*case, lambda run: network)):
        if at[0] not in ("losses", "largest_norm", "solved_at"):  # of the run itself
            assert measures(name, arm)[at][start] == pytest.approx(value, rel=0.01, abs=0.01), at


def test_the_insides_are_those_of_the_sentence_networks():
    network = study("sentiment").network("LSTM", 10)
    states, nots, nouns = studies.measures.before_adjectives(network, 10)
    found = {
        "push": studies.measures.pushes(network, states, nots, nouns, 10),
        "transplant": studies.measures.transplants(network, 10),
    }
    for at, value in leaves(found):
        assert measures("inside", "LSTM")[at][10] == pytest.approx(value, abs=0.02), at


ENDS = [("race_parity", "LSTM", 0), ("recall_bit", "LSTM, b_f = 1", 0)]


@pytest.mark.parametrize("case", ENDS, ids=lambda case: " ".join(map(str, case)))
def test_a_run_anew_ends_in_the_network_that_was_kept(case):
    name, arm, start = case
    run = study(name).run(arm, start)
    for _ in run:
        pass
    np.testing.assert_allclose(run.network.theta, study(name).network(arm, start).theta, rtol=0.01, atol=0.01)


def test_without_feedback_the_weights_on_h_stay_0():
    run = study("recall_bit").run("LSTM, b_f = 1, W_h = 0", 1)
    for _ in range(5):
        next(run)
        assert not run.network.W[:, :8].any() and run.network.W.any()


RACED = {("race_adding", arm) for arm in ("LSTM", "1997", "LSTM, b_i = −2", "GRU")} | {
    ("race_parity", "x-gated"), ("race_parity", "minGRU"), ("race_sum_since_reset", "1997"), ("race_latch", "NOG"),
    ("race_delayed_recall", "x-gated")}  # fmt: skip
STARTS = {
    **dict.fromkeys([case for case in ARMS if STUDIES[case[0]][0] is studies.measures.curve], 10),
    **dict.fromkeys(
        [case for case in ARMS if case[0] in ("recall_bit", "recall_number") or case in RACED], 20
    ),
    **{case: 10 for case in ARMS if case[0] == "lag_grid" and "lag 100" in case[1]},
    **{("ablation", "LSTM"): 8, ("line_200", "LSTM"): 20, ("henon", "LSTM"): 20},
    **{("inside", "LSTM"): 5, ("sentiment", "LSTM"): 5},
}
"""Of which arms how many starts are trained anew."""


@pytest.mark.proof
@pytest.mark.parametrize("case", STARTS, ids=" ".join)
def test_whole_runs_give_what_is_stored(case):
    """Digits may differ between processors; how well an arm does may not."""
    runs = [dict(leaves(studies.trained((*case, start))[1])) for start in range(STARTS[case])]
    for at in runs[0]:
        if at[0] != "losses":
            before = measures(*case)[at]
            assert alike([run[at] for run in runs], before), (at, [run[at] for run in runs], before)


# --- the tool --------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder of studies, and a small study that keeps a network."""
    settings = {"task": "latch", "T": 8, "tested": [(8, 5)], "hidden_size": 2, "starts": 2}
    arms = {"one": {"updates": 1}, "two": {"updates": 2, "kept": [1]}}
    monkeypatch.setitem(STUDIES, "small", (studies.measures.left, settings, arms))
    monkeypatch.setattr(stored, "STUDIES", tmp_path)
    return tmp_path


def test_what_was_interrupted_goes_on(folder):
    asked = []

    def until(interrupted):
        def results(train, keys):
            asked.clear()
            for key in keys:
                if key[1:] == interrupted:
                    raise KeyboardInterrupt
                asked.append(key[1:])
                yield train(key)

        return results

    with pytest.raises(KeyboardInterrupt):
        studies.make(["small"], until(("two", 1)))
    assert asked == [("one", 0), ("one", 1), ("two", 0)]
    studies.make(["small"], until(None))
    assert asked == [("two", 1)]
    whole = (folder / "small.json").read_text()
    studies.make(["small"], until(None))
    assert asked == [] and (folder / "small.json").read_text() == whole
    found = study("small")
    assert found.arms["two"].unexplained[8].shape == (2,) and found.network("two").hidden_size == 2
    STUDIES["small"][2]["one"]["updates"] = 3
    studies.make(["small"], until(None))
    assert asked == [("one", 0), ("one", 1)], "other settings"
    del STUDIES["small"][2]["one"]
    studies.make(["small"], until(None))
    assert asked == [] and list(json.loads((folder / "small.json").read_text())["arms"]) == ["two"]


def test_the_table_is_read_by_name():
    with pytest.raises(ValueError, match="name: expected one of"):
        studies.main(["no such study"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: study("no such study"), "name: expected one of"),
        (lambda: study("latch").run("GRU"), "arm: expected one of"),
        (lambda: study("latch").network("LSTM, f clamped at 1"), "arm: expected one of"),
        (lambda: study("latch").network("LSTM", 3), "start: expected one of"),
        (lambda: study("sentiment").run("LSTM"), "arm: 'film reviews' is none of TASKS; .*make stored"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(call, words):
    with pytest.raises(ValueError, match=words):
        call()
