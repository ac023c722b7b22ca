"""Twin sentences: which words are read, in which columns, and what a clamped unit does."""

import numpy as np
import pytest

from lstm_lib import Network, lstm_forward, sigmoid
from lstm_lib.explore import TwinSentences
from lstm_lib.learning.classify import Classifier
from lstm_lib.learning.grammar import GRAMMAR_WORDS
from lstm_lib.learning.text import words_of

HOSTILE = "<img src=x onerror=alert(1)> good"


def rows(made):
    return [" ".join(word for word, _ in row) for row in made.state.rows()]


def moved(made, *moves):
    for move in moves:
        made.move(*move)
        assert made.note == "", made.note
    return made


def test_drop_add_and_move():
    made = TwinSentences("the film was not good")
    assert rows(made) == ["the film was not good", "the film was good"]
    assert (
        rows(moved(made, ("edit", 1), ("added", "Really VERY"), ("word", 5)))[1]
        == "the film was not really very good"
    )
    assert rows(moved(made, ("word", 6)))[1] == "the film was not good really very"
    assert rows(moved(made, ("edit", 2), ("word", 4), ("to", 1)))[1] == "not the film was good"
    assert rows(moved(made, ("to", 5)))[1] == "the film was good not"


@pytest.mark.parametrize("edit", [0, 1, 2])
def test_fillers_stand_before_the_same_word_in_both(edit):
    made = moved(TwinSentences("a b c d e"), ("edit", edit), ("fillers", 3))
    for place in range(1, 7):
        for word in range(1, 6):
            moved(made, ("place", place), ("word", word))
            first, second = rows(made)
            assert first.count("we saw it") == second.count("we saw it") == 1
            after = (first.split() + ["end"])[place + 2]
            if after not in ("end", "abcde"[word - 1]):
                put = "not" if edit == 1 else "abcde"[word - 1]
                assert f"it {after}" in second or f"it {put} {after}" in second, (first, second)


def test_columns_align_and_the_gap_is_that_of_the_memories():
    made = TwinSentences("the film was not good", fillers=7)
    columns, (first, second) = made.columns(made.state)
    assert [c.rows for c in columns] == [(0, 1)] * 3 + [(0,)] + [(0, 1)] * 8
    assert first.tolist() == list(range(12)) and second.tolist() == [0, 1, 2, *range(4, 12)]
    (a, p), (b, q) = made.read(made.state)
    gap = np.abs(a.C[-1] - b.C[-1])
    assert f"largest in unit {gap.argmax()}" in made.summary and "differ from “not” on" in made.summary
    net = made.classifier.network
    np.testing.assert_allclose([p[-1], q[-1]], made.classifier.probability(rows(made)))
    x = GRAMMAR_WORDS.one_hot(rows(made)[0])
    y = lstm_forward(net.params, x).h @ net.V.T + net.c
    np.testing.assert_allclose(p, sigmoid(y[:, 1] - y[:, 0]))


@pytest.mark.parametrize("gate", [1, 2, 3, 4])
def test_a_clamped_unit_has_its_value_and_the_others_are_computed(gate):
    made = moved(TwinSentences(), ("sliders", 1), ("unit", 2), ("clamp", gate))
    key = made.state.clamp
    for value in (0.0, 0.35, 1.0):
        trace, _ = moved(made, ("value", value)).read(made.state)[0]
        values = getattr(trace, key)
        np.testing.assert_allclose(values[:, 2], value, atol=1e-12)
        assert np.ptp(values[:, 3]) > 0 and f"[2] is clamped at {value:g}" in made.summary


def test_nothing_is_dropped_in_silence():
    made = TwinSentences("The Zorgly film wasn’t so lovly — really!")
    assert rows(made)[0] == "the zorgly film wasn't so lovly really !" and "Not read: —" in made.remark
    for told in (
        "'wasn’t' is read as \"wasn't\".",
        "\"wasn't\" is read as 'was not'",
        "'zorgly' is unknown (hatched)",
        "spelt alike: lovely",
        "'!' is unknown",
    ):
        assert told in made.remark
    columns, _ = made.columns(made.state)
    assert [c.word for c in columns if not c.known] == ["zorgly", "lovly", "!"] and made.svg.count(
        " ?</text>"
    ) == 3
    before = made.summary.split("They differ")[1]
    assert (
        moved(made, ("text", "The vorpal film wasn't so lovly really!")).summary.split("They differ")[1]
        == before
    )
    assert TwinSentences("the film was good").remark == ""


@pytest.mark.parametrize("word", ["wasn&#39;t", "wasn‘t", "wasn`t", "wa\u00adsn't"])
def test_what_looks_alike_is_read_alike_and_told(word):
    made, plain = TwinSentences(f"the film {word} good"), TwinSentences("the film wasn't good")
    assert made.summary == plain.summary and f'{word!r} is read as "wasn\'t".' in made.remark


def test_words_are_told_once_and_short_ones_are_like_no_other():
    made = TwinSentences("it wasn't good, it wasn't bla")
    assert made.remark.count("is read as") == 1
    assert "'bla' is unknown (hatched): all unknown words are one word.\n" in made.remark
    assert "spelt alike" not in made.remark
    assert "spelt alike: good" in TwinSentences("it was goof").remark, "four letters are enough"


@pytest.mark.parametrize(
    ("text", "to"), [("a b", 1), ("zorg blip film", 2), ("the film was not not good", 5)]
)
def test_the_same_words_twice_are_told(text, to):
    made = moved(TwinSentences(text), ("edit", 2), ("word", 1 if "b" in text else 4), ("to", to))
    assert made.summary.endswith("The cell reads the same words twice.")
    assert "ΔC" in moved(made, ("edit", 0)).summary


def test_what_is_typed_is_text():
    made = moved(TwinSentences(), ("text", HOSTILE), ("edit", 1), ("added", "<script>"))
    assert "<img" not in made.svg and "<script" not in made.svg and words_of(HOSTILE)[0] == "img"


@pytest.mark.parametrize(
    ("move", "words"),
    [(("text", ""), "expected 2 to 30 words, got 0"), (("text", "one"), "got 1"), (("text", "a " * 31), "got 31"),
     (("text", "😀."), "got 0; not read: . 😀"), (("added", "☹"), "expected 1 to 4 words, got 0; not read: ☹"),
     (("added", ""), "expected 1 to 4 words, got 0"), (("added", "a b c d e"), "got 5")],
)  # fmt: skip
def test_too_few_and_too_many_words_change_nothing(move, words):
    made = TwinSentences(edit="add")
    before = made.svg
    made.move(*move)
    assert words in made.note and made.svg == before


def test_the_longest_sentence_with_all_fillers_fits():
    made = TwinSentences(" ".join(["although"] * 30), fillers=40)
    columns, _ = made.columns(made.state)
    assert len(columns) == 70 and "40 fillers" in made.svg and len(made.svg) < 90_000
    assert moved(made, ("word", 1), ("edit", 1), ("added", "a b c d")).note == ""


def test_wrong_arguments_are_named():
    for given, words in (
        ({"text": 3}, "text: expected a str"),
        ({"text": "\ud83d good film"}, "sentence: expected whole signs"),
        ({"edit": "swap"}, "edit: expected one of"),
        ({"word": 0}, "word: expected a whole number"),
        ({"fillers": 41}, "fillers: expected a whole number"),
        ({"classifier": 3}, "classifier: expected a Classifier"),
    ):
        with pytest.raises(ValueError, match=words):
            TwinSentences(**given)
    for cell, H, words in (("GRU", 4, "an LSTM"), ("LSTM", 33, "up to 32 units, got 33")):
        net = Network(len(GRAMMAR_WORDS), H, 2, np.random.default_rng(0), cell)
        with pytest.raises(ValueError, match=words):
            TwinSentences(classifier=Classifier(net, GRAMMAR_WORDS))
    own = Classifier(
        Network(len(GRAMMAR_WORDS), 32, 2, np.random.default_rng(0)), GRAMMAR_WORDS, ("no", "yes")
    )
    assert "probability of “yes”" in TwinSentences(classifier=own).svg
