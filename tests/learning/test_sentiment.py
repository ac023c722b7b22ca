"""The grammar of reviews, classifiers and their comparison, and a learner's own labelled sentences."""

import math

import numpy as np
import pandas as pd
import pytest

from lstm_lib import Network, run_for
from lstm_lib.learning.classify import BagOfWords, Classifier, classification, compare, scores
from lstm_lib.learning.grammar import (
    BAD,
    GOOD,
    GRAMMAR_WORDS,
    KINDS_OF_SENTENCES,
    NEVER_NEGATED,
    adjectives_with_nots,
    corpus,
    sentence,
)
from lstm_lib.learning.labelled import MOST_KNOWN, MOST_ROWS, MOST_WORDS, labelled
from lstm_lib.learning.stored import FOLDER
from lstm_lib.learning.table import MISSING
from lstm_lib.learning.text import Vocabulary, words_of


def rng(seed=0):
    return np.random.default_rng(seed)


# --- the grammar ---------------------------------------------------------------------------------------------


def verdict(text):
    """The verdict of a sentence, worked out in another way: by its clauses."""
    words = words_of(text)
    said = [((word in GOOD) + _nots(words, k)) % 2 == 1 for k, word in enumerate(words) if word in GOOD + BAD]
    return said[0] if "although" in words[1:] else said[-1]


def _nots(words, k):
    """The nots between "was" and the adjective."""
    start = max(i for i in range(k) if words[i] == "was")
    return words[start:k].count("not")


@pytest.mark.parametrize("kind", KINDS_OF_SENTENCES)
def test_every_sentence_has_the_verdict_of_its_clauses(kind):
    found = [sentence(rng(seed), kind) for seed in range(200)]
    assert all(verdict(text) == good for text, good in found)
    assert 0.35 < np.mean([good for _, good in found]) < 0.65
    assert all(len(words_of(text)) <= 32 for text, _ in found)


def test_nots_fillers_and_words_that_are_never_negated():
    for nots in range(7):
        text, good = sentence(rng(nots), "not", nots=nots, fillers=(3, 3))
        assert words_of(text).count("not") == nots and verdict(text) == good
        assert 6 + 3 + 3 + nots <= len(words_of(text)) + 2 <= 6 + 3 + 3 + nots + 2
    texts, _ = corpus(rng(), 300, kind="not")
    assert not any(word in words_of(t) for t in texts for word in NEVER_NEGATED)
    texts, _ = corpus(rng(), 100, kind="not", never_negated=True)
    assert all(any(word in words_of(t) for word in NEVER_NEGATED) for t in texts)
    again, _ = corpus(rng(), 100, without=set(texts), kind="not", never_negated=True)
    assert not set(again) & set(texts)
    with pytest.raises(ValueError, match="^kind: expected one of"):
        sentence(rng(), "song")
    assert adjectives_with_nots("it was not not good")[-1] == "good after 2 not"


def test_unknown_words_occur_in_training():
    texts, _ = corpus(rng(), 500)
    unknown = np.mean(np.concatenate([GRAMMAR_WORDS.indices(t) == 0 for t in texts]))
    assert 0.01 < unknown < 0.06


# --- reading words -------------------------------------------------------------------------------------------


def test_contractions_are_read_as_two_words_if_they_are_unknown():
    assert GRAMMAR_WORDS.read("It WASN’T good, can't it?") == [
        "it",
        "was",
        "not",
        "good",
        "can",
        "not",
        "it",
        "?",
    ]
    assert Vocabulary(["it wasn't good but not bad"]).read("it wasn't") == ["it", "wasn't"]
    assert Vocabulary(["it was good"]).read("it wasn't") == ["it", "wasn't"]
    assert GRAMMAR_WORDS.read("it was n't good") == ["it", "was", "not", "good"]
    one_hot = GRAMMAR_WORDS.one_hot("zorgly good")
    assert one_hot.shape == (2, len(GRAMMAR_WORDS)) and one_hot[0, 0] == 1 and one_hot.sum() == 2


# --- classifiers ---------------------------------------------------------------------------------------------


def test_a_classifier_reads_each_text_to_its_own_end():
    net = Network(len(GRAMMAR_WORDS), 4, 2, rng())
    both = Classifier(net, GRAMMAR_WORDS)
    texts = ["the film was good", "good", "the film was not good at all honestly"]
    np.testing.assert_allclose(both.probability(texts), [both.probability([t])[0] for t in texts])
    np.testing.assert_allclose(both.probability(texts * 200)[-3:], both.probability(texts))
    y = net.predict(GRAMMAR_WORDS.one_hot(texts[0])[:, None])[-1, 0]
    assert both.probability(texts[:1])[0] == pytest.approx(np.exp(y[1]) / np.exp(y).sum())
    with pytest.raises(ValueError, match="^texts: expected at least one word"):
        both.probability(["good", "…"])
    with pytest.raises(ValueError, match="^network: expected .* got 3 and 1"):
        Classifier(Network(3, 4, 1, rng()), GRAMMAR_WORDS)


def test_a_bag_of_words_knows_words_but_no_order():
    texts, labels = corpus(rng(), 2000)
    bag = BagOfWords(texts, labels)
    assert np.mean([bag.weights[w] for w in GOOD]) > 0.2 > -0.2 > np.mean([bag.weights[w] for w in BAD])
    a, b = bag.probability(
        ["the plot was good but the music was bad", "the music was bad but the plot was good"]
    )
    assert a == pytest.approx(b)
    assert bag.probability(["zorgly"])[0] == pytest.approx(1 / (1 + np.exp(-bag.bias)))
    more = BagOfWords(texts, labels, adjectives_with_nots)
    test = corpus(rng(1), 300, set(texts), kind="not")
    assert (
        scores(more.probability(test[0]), test[1]).mean()
        > 0.98
        > scores(bag.probability(test[0]), test[1]).mean()
    )


def test_ties_are_half_right():
    assert scores([0.5, 0.6, 0.4], [1, 1, 1]).tolist() == [0.5, 1, 0]


def test_the_paired_comparison():
    first, second = np.r_[np.ones(250), np.zeros(50)], np.r_[np.ones(200), np.zeros(80), np.ones(20)]
    found = compare(first, second)
    assert (found.first, found.second, found.count) == (50, 20, 300) and found.difference == pytest.approx(
        0.1
    )
    assert found.p == pytest.approx(2 * sum(math.comb(70, k) for k in range(21)) / 2**70)
    assert found.low == pytest.approx(0.1 - 1.96 * np.std(first - second) / 300**0.5)
    assert found.decided and repr(found).startswith(
        "the first is better (+0.100, 95 % interval +0.047 to +0.153"
    )
    assert repr(compare(second, first)).startswith("the second is better (−0.100")
    some, close = (compare(np.r_[np.ones(k), np.zeros(60 - k)], np.r_[np.zeros(58), 1, 1]) for k in (12, 9))
    assert some.p < 0.02 and some.decided, "sixty texts can be enough"
    assert round(close.p, 3) == 0.065 and repr(close).startswith("undecided (+0.117")
    assert repr(close).endswith("of 60 texts only the first right 9, only the second 2)")
    same = compare(first, first)
    assert same.p == 1 and not same.decided and "undecided" in repr(same)


def test_the_interval_covers_what_it_promises():
    """The difference of two classifiers that are right with .8 and .7, on 300 texts: covered in about 95 of 100."""
    covered = []
    for seed in range(400):
        draw = rng(seed)
        found = compare(draw.random(300) < 0.8, draw.random(300) < 0.7)
        covered.append(found.low <= 0.1 <= found.high)
    assert 0.92 < np.mean(covered) < 0.98


def test_a_classification_is_a_task_for_a_run():
    train, held = corpus(rng(), 200), corpus(rng(1), 60)
    task = classification("reviews", train, held, GRAMMAR_WORDS)
    assert task.mean_loss == pytest.approx(np.log(2), abs=0.03) and task.input_size == len(GRAMMAR_WORDS)
    run = run_for(task, 30, hidden_size=4, learning_rate=0.03, max_norm=1.0)
    seen = {tuple(GRAMMAR_WORDS.indices(t)) for t in held[0]}
    for k in range(run.held_out.x.shape[1]):
        wanted = run.held_out.mask[:, k].argmax() + 1
        assert tuple(run.held_out.x[:wanted, k].argmax(axis=1)) in seen, "held-out texts only"
    first = [record.loss for record in run][0]
    assert first == pytest.approx(np.log(2), abs=0.15), "the cross-entropy of an undecided network"


# --- own data ------------------------------------------------------------------------------------------------


def table(rows=60, head="text,label"):
    return (
        head
        + "\n"
        + "\n".join(
            f"text number {k} is {'fine' if k % 2 else 'poor'},{'good' if k % 2 else 'bad'}"
            for k in range(rows)
        )
    )


def test_own_sentences_are_read_and_split():
    own = labelled(table())
    assert (
        len(own) == 60
        and own.names == ("bad", "good")
        and own.labels.tolist() == [0, 1] * 30
        and not own.remarks
    )
    train, test = own.split(rng())
    assert len(train) + len(test) == 60 and len(test) == 18 and test.labels.sum() == 9
    assert not set(train.texts) & set(test.texts) and set(train.texts) | set(test.texts) == set(own.texts)
    assert (
        "fine" in own.vocabulary()
        and "17" not in own.vocabulary()
        and repr(own) == "60 texts: 30 'bad', 30 'good'"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (table(head="text,stars"), "a column named 'label', found the columns 'text', 'stars'"),
        (table(20), "at least 40 different texts, 10 of each label, got 10 of 'bad', 10 of 'good'"),
        (table().replace(",bad", ",good"), "expected two labels, found 'good'"),
        (
            table().replace(",bad", ",").replace(",good", ","),
            "expected two labels, found none. 60 rows without a label",
        ),
        (table() + "\nit is so so,neutral", "found 3: 'bad' .30., 'good' .30., 'neutral' .1.. Say which"),
        (
            "text,label\n" + "\n".join(f"a b {k},{k % 5}" for k in range(60)),
            "found 5: .* Say which .*merge={'1': 'bad', '5': 'good'}",
        ),
        (table(head="label,text"), "Are the columns of texts and labels swapped"),
        (
            table(3) + "\nsame,good" * 60,
            "at least 40 different texts.* 59 rows with the words of an earlier one left out",
        ),
    ],
)
def test_each_mistake_in_labels_has_its_sentence(text, words):
    with pytest.raises(ValueError, match=f"^source: .*{words}"):
        labelled(text)


def test_what_is_left_out_or_changed_is_told():
    extra = (
        "\nGood day,GOOD\nno label,\n…,bad\nText number 1 is fine.,bad\n<br>bad 😀,bad\n"
        + "w " * 150
        + ",bad\n,good\n\n"
    )
    own = labelled(table() + extra)
    told = " ".join(own.remarks)
    for words in ("1 row without a label left out", "2 rows without a word", "only in capitals", "HTML tags in 1 text:",
                  "1 row with the words of an earlier one left out, 1 of them with the other label.", "1 empty row",
                  "Symbols (< > 😀) in 1 text are not read.", f"Only the first {MOST_WORDS} words are read of 1 text."):  # fmt: skip
        assert words in told, (words, told)
    assert len(own) == 63 and max(len(words_of(t)) for t in own.texts) == MOST_WORDS


def test_more_than_two_labels_can_be_merged():
    stars = "review;stars\n" + "\n".join(f"text {k};{k % 5 + 1}" for k in range(100))
    own = labelled(stars, "review", "stars", merge={"1": "bad", "2": "bad", "4": "good", "5": "good"})
    assert (
        own.names == ("bad", "good")
        and own.labels.mean() == 0.5
        and "20 rows with a label that merge" in own.remarks[0]
    )
    again = labelled(stars, "review", "stars", merge={1: "bad", 2: "bad", 3: None, 4: "good", 5: "good"})
    assert again.labels.tolist() == own.labels.tolist() and again.names == own.names
    own = labelled(table().replace(",good", ",Good"), merge={"GOOD": "yes", "bad": "no"})
    assert own.names == ("no", "yes") and not own.remarks


@pytest.mark.parametrize(
    ("merge", "words"),
    [
        ({"good": "1", "GOOD": "2", "bad": "3"}, "each label once, .*got 'good', 'GOOD', 'bad'"),
        ({}, "such as 'bad', 'good'; got"),
        ({"great": "good"}, "such as 'bad', 'good'; got 'great'"),
        ({"bad": "no", "goood": "yes"}, "such as 'bad', 'good'; got 'goood'"),
        (["good"], "a dict, got list"),
    ],
)
def test_a_merge_that_does_not_fit_is_named(merge, words):
    with pytest.raises(ValueError, match=f"^merge: expected .*{words}"):
        labelled(table(), merge=merge)


def test_a_merge_that_leaves_one_label_is_told_so():
    with pytest.raises(
        ValueError, match="expected two labels, merge leaves 'no'. 30 rows with a label that merge does not"
    ):
        labelled(table(), merge={"bad": "no"})


def test_signs_are_read_in_their_usual_form_and_told():
    typed = (
        "wasn&#39;t",
        "wasn‘t",
        "wasn’t",
        "wasn´t",
        "wasn`t",
        "wasnʼt",
        "wasn\x92t",
        "wasn\u200b't",
        "wasn&amp;apos;t",
        "wasn''t",
        "wasn\\'t",
        "wasn&#39t",
        "wasnʻt",
        "wasnâ\x80\x99t",
        "wasnâ€™t",
        "wasn‚Äôt",
    )
    for k, word in enumerate(typed):
        own = labelled(table() + f"\nthe film {word} goo\u00add {k},bad")
        assert words_of(own.texts[-1]) == ["the", "film", "wasn't", "good", str(k)]
        assert own.remarks == (f'Signs in 1 text are read as their usual forms, as {word!r} as "wasn\'t".',)
    assert (
        labelled(table() + "\nthe ﬁlm,bad\nthe film,bad")
        .remarks[1]
        .startswith("1 row with the words of an earlier")
    )


def test_a_letter_of_two_bytes_may_hide_a_space():
    own = labelled(table() + "\nvoilÃ\xa0 good,bad")
    assert own.texts[-1] == "voilà good" and "'voilÃ\\xa0' as 'voilà'" in own.remarks[0]


def test_marks_for_what_is_missing_are_no_labels_and_no_texts():
    own = labelled(table() + "\nfine film,nan\npoor film,NA\nnan,good\n#N/A,bad\ndull,")
    assert own.names == ("bad", "good") and len(own) == 60
    assert own.remarks == (
        "3 rows without a label ('NA', 'nan') left out.",
        "2 rows without a word ('#N/A', 'nan') left out.",
    )
    two = labelled(table().replace(",bad", ",none"))
    assert two.names == ("good", "none") and not two.remarks, "one of two labels"
    plus = labelled(table().replace(",bad", ",-").replace(",good", ",+"))
    assert plus.names == ("+", "-") and len(plus) == 60
    kept = labelled(
        table() + "\nfine film,NA\npoor film,NA", merge={"bad": "bad", "good": "good", "na": "bad"}
    )
    assert len(kept) == 62 and not kept.remarks


def test_frames_pairs_and_options_are_read():
    import pandas as pd

    pairs = [tuple(line.rsplit(",", 1)) for line in table().splitlines()[1:]]
    frame = pd.DataFrame(pairs, columns=["review", "stars"]).assign(
        stars=lambda f: (f["stars"] == "good").astype(float)
    )
    for own in (
        labelled(pairs),
        labelled(np.array(pairs)),
        labelled(pd.DataFrame(pairs)),
        labelled(table().replace(",", "~"), sep="~"),
    ):
        assert own.texts == [text for text, _ in pairs] and own.names == ("bad", "good")
    assert labelled(frame, "review", "stars").names == ("0", "1")
    assert labelled(frame, "review", "stars", merge={0: "bad", 1: "good"}).labels.tolist() == [0, 1] * 30
    with pytest.raises(ValueError, match="^source: expected text, got the bytes"):
        labelled([(b"good", 1)] * 60)


def test_columns_that_are_not_read_are_told():
    frame = pd.DataFrame([line.split(",") for line in table().split("\n")[1:]], columns=["text", "label"])
    assert labelled(frame.assign(id=7, stars=5)).remarks == ("Not read: the columns 'id', 'stars'.",)


def test_refusals_are_short_however_large_the_file():
    long = "x" * 5000
    for source, given in (
        (table() + "".join(f"\na {k},{long}{k}" for k in range(9)), {}),
        ("\n".join(["text,label"] + [f"a,{long}{k}" for k in range(60)]), {}),
        (table(20).replace(",bad", f",{long}"), {}),
        (table(), {"merge": {f"{long}{k}": "bad" for k in range(50)}}),
        ("\n".join(["text,label"] + ["a,nan,", "…,good", "b,", f"{long},good", "<b>,good"] * 30), {}),
        (table().replace("text,", f"{long},"), {}),
        (
            "text,label\n"
            + "\n".join(
                f"{mark},good\na {k},{mark}\n…,bad\nb {mark},bad" for k, mark in enumerate(MISSING - {""})
            ),
            {},
        ),
    ):
        with pytest.raises(ValueError) as refused:
            labelled(source, **given)
        assert len(str(refused.value)) <= 300, refused.value


def test_texts_are_the_same_if_the_same_words_are_read():
    own = labelled(table() + "".join(f"\n{'so ' * MOST_WORDS}{k},bad" for k in range(9)))
    assert len(own) == 61 and "8 rows with the words of an earlier one left out." in own.remarks


def test_a_large_file_is_sampled_and_a_large_vocabulary_cut():
    rows = "\n".join(f"{k % 700} {k % 701} {k},{'no' if k % 3 else 'yes'}" for k in range(MOST_ROWS + 500))
    own = labelled(f"text,label\n{rows}")
    assert len(own) == MOST_ROWS and "A random sample of 20,000 of the 20,500 rows" in own.remarks[0]
    assert len(own.vocabulary()) == MOST_KNOWN + 1
    rows = "\n".join(f"电影{k}好,{'no' if k % 3 else 'yes'}" for k in range(MOST_KNOWN + 50))
    own = labelled(f"text,label\n{rows}")
    assert len(own.vocabulary()) == MOST_KNOWN + 1
    assert own.remarks[0].startswith("Most words occur once (550 of 550): there is little to learn from.")


def test_code_in_a_text_is_text():
    own = labelled(table() + "\n\"__import__('os').system('x')\",bad\n<img src=x onerror=alert(1)>,good")
    assert own.texts[-1] == "<img src=x onerror=alert(1)>" and len(own) == 62


# --- what is stored ------------------------------------------------------------------------------------------


def test_the_sentences_of_the_course():
    own = labelled(FOLDER / "sentences.csv")
    assert len(own) == 60 and own.labels.sum() == 30 and not own.remarks
