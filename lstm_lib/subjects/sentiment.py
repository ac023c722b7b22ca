"""Exercises on classifying sentences: words as indices, the last state under padding, accuracy with ties, own tests."""

from collections import Counter

import numpy as np

from lstm_lib.judge.blank import Blank, BlankLeft
from lstm_lib.judge.exercise import exercise
from lstm_lib.learning.grammar import BAD, GOOD, GRAMMAR_WORDS, NOUNS
from lstm_lib.learning.text import words_of


def _sentence(drawn):
    words = "the dull was good film not".split()
    index = dict(zip(words, 1 + drawn.rng.permutation(6), strict=True))
    sentence = drawn.of("The zorgly film was not not good", "Dull dull zorgly", "the film")
    return sentence, {"<unknown>": 0} | index


@exercise(
    """
index.get(word, 0) for word in words → index[word] for word in words if word in index | Unknown words are dropped in silence: the sentence gets shorter, and nobody is told.
index.get(word, 0) → index[word] | An unknown word has no entry, so index[word] raises a KeyError. index.get(word, …) takes what to use instead.
.lower() → | Case: “The” and “Dull” are not found. Known words become unknown only because a sentence begins with them.
word, 0 → word, -1 | −1 is no index of a word: as a Python index it would pick the last word of the vocabulary. Unknown words have the index 0.
word, 0 → word, len(index) | That index is one beyond the end. Unknown words have the index 0.
word, 0 → word, 1 | 1 is the index of a known word, so every unknown word would be read as that one. Unknown words have the index 0.
in words → in dict.fromkeys(words) | A word that comes twice is there only once: “not not good” becomes “not good”.
in words → in sentence.lower() | You looped over the letters of the sentence. Its words are sentence.lower().split().
index.get(word, 0) for word in words → words.count(word) for word in index | That counts each word of the vocabulary: a bag of words. The order is lost.
in words → in sorted(words) | The words are sorted, so their order is lost.
word, 0 → word | index.get(word) is None for an unknown word. Its second argument says what to use instead: the index of <unknown>.
index.get(word, 0) → words.index(word) | That is the word's first place in the sentence. Wanted is its index in the vocabulary.
index.get(word, 0) for word in words → k for k, word in enumerate(words) | That numbers the words of the sentence. Wanted are their indices in the vocabulary.
index.get(word, 0) → index.get(word, 0) + 1 | Each index is one too high. 0 already belongs to <unknown>, so nothing has to move.
index.get(word, 0) → 0 | Every word has the index 0, as if all were unknown. (If you looked up "word" in quotes: that is the same text each time.)
index.get(word, 0) → int(word in index) | That says only whether a word is known. Wanted is its index.
index.get(word, 0) → words.count(word) | That counts how often the word stands in the sentence. Wanted is its index.
index.get(word, 0) → list(index).index(word) if word in index else 0 | That is the word's place in the dict. Its index is what the dict holds for it: index[word].
index.get(word, 0) → np.eye(len(index))[index.get(word, 0)] | Those are one-hot vectors. Wanted are the indices.
index.get(word, 0) → index(word) | index is a dict, not a function: index.get(word, …) with a dot and get.
index.get(word, 0) → index.get(words, 0) | A dict cannot look up a list. Take one word at a time: [… for word in words].
""",
    draw=_sentence,
    seed=1,
    hints=(
        "A dict has a method that returns another value where a key is missing.",
        "index.get(word, the index of <unknown>)",
    ),
    praise="Right: one index for each word, in order, and 0 for each unknown one. Nothing is dropped.",
)
def indices(sentence, index):
    words = sentence.lower().split()
    return [index.get(word, 0) for word in words]


def _padded(drawn):
    T, B, H = drawn.of((3, 2, 2), (4, 3, 2), (6, 4, 3), (5, 2, 3), (4, 4, 2))
    lengths = 1 + drawn.rng.permutation(T)[:B]
    return drawn.numbers(T, B, H), (np.arange(T)[:, None] < lengths).astype(float)


@exercise(
    """
return h[-1] | h[-1] is the state after the padding. For every sentence but the longest the cell went on, with inputs of 0, after its last word.
- 1 → | One step too far: a sentence of n words ends at step n − 1, counted from 0. (For the longest sentence that is beyond the end.)
last, np.arange(len(last)) → last | h[last] takes whole time steps: all sentences at each of them, (B, B, H). Each sentence needs its own step: index both axes, h[last, which sentence].
np.arange(len(last)) → 0 | That takes all the states from the first sentence.
return h.mean(axis=0) | That is the mean over all steps, padding included.
return (h * mask[..., None]).sum(axis=0) / mask.sum(axis=0)[:, None] | That is the mean over the words, a fair summary of another kind. Asked is the state after the last word.
return h[0] | That is the state after the first word.
return (h * mask[..., None])[-1] | Multiplied by the mask, the last step is 0 for every sentence that is padded. Choose the step, do not erase it.
- 1 → - 2 | One step too early: the last word has not been read.
return h.max(axis=0) | That is the largest value of each unit over all steps, padding included.
axis=0 → axis=1 | mask.sum(axis=1) counts the sentences at each step. The length of each sentence is the sum over the steps, axis 0.
mask.sum(axis=0).astype(int) - 1 → -mask.sum(axis=0).astype(int) | Counted from the wrong end: −n is the n-th step from the end. The last word stands at n − 1.
.astype(int) → | `mask` holds floats, so what is computed from it are floats too. An index has to be an integer: .astype(int).
h[last, np.arange(len(last))] → h[np.arange(len(last)), last] | Step and sentence have changed places: h has the shape (T, B, H), so the step comes first.
h[last, np.arange(len(last))] → h[:, last] | That takes all steps of some sentences. The step is the first axis of h: h[step, sentence].
return h[int(mask.sum(axis=0).max()) - 1] | One step for all: the end of the longest sentence. Each sentence has its own.
return h[int(mask.sum(axis=0).min()) - 1] | One step for all: the end of the shortest sentence. Each sentence has its own.
return h[:, -1] | Those are the states of the last sentence at every step. Wanted is one state for each sentence.
return (h * mask[..., None]).sum(axis=0) | That is the sum over the words. Asked is the state after the last word.
return h * mask[..., None] | The padding is 0 now, but all steps are still there. Choose one for each sentence.
mask.sum(axis=0).astype(int) - 1 → mask.argmin(axis=0) | That is the first step of padding, one too far (and step 0 where there is no padding).
mask.sum(axis=0).astype(int) - 1 → np.minimum(mask.sum(axis=0).astype(int), len(h) - 1) | One step too far, except where there is no padding: a sentence of n words ends at step n − 1.
- 1 → [: mask.shape[1]] - 1 ; axis=0 → axis=1 | The sum over axis 1 is the number of sentences at each step, also if it is cut to B values. Their lengths are the sums over axis 0.
""",
    draw=_padded,
    hints=(
        "How many words does each sentence have? At which step, counted from 0, is the last of them?",
        "h[steps, sentences] with two index arrays of length B picks one state for each sentence.",
    ),
    praise="Right: each sentence is read at its own last word, and padding changes nothing.",
)
def final_states(h, mask):
    last = mask.sum(axis=0).astype(int) - 1
    return h[last, np.arange(len(last))]


def _with_ties(drawn):
    p = [*drawn.of([0.5], [0.5, 1.0], [0.5] * 3), *drawn.gates(drawn.of(2, 3, 4, 5))]
    good = (drawn.rng.permutation(len(p)) % 3 > 0).astype(int)
    return drawn.rng.permutation(p), good


@exercise(
    """
np.where(p == 0.5, 0.5, right) → right | A tie (p = 0.5) is counted as “bad”. That is the answer nobody gave, and half of the ties turn out right.
p > → p >= ; np.where(p == 0.5, 0.5, right) → right | A tie (p = 0.5) is counted as “good”. A classifier that always says 0.5 would get all good sentences right.
0.5, right → 1, right | Every tie is counted as right: a classifier that always says 0.5 would be perfect.
0.5, right → 0, right | Every tie is counted as wrong, so saying nothing is worse than guessing. A guess would be right half of the time.
np.where(p == 0.5, 0.5, right) → right[p != 0.5] | The ties are left out, so a classifier may choose which sentences count. They are to count half.
return → return 1 - | That is the share of wrong answers: 1 − accuracy.
mean → sum | That is a number of sentences. Divide by how many there are.
return np.where(good == 1, p, 1 - p).mean() | That is the mean probability given to the right answer. It rewards being sure; accuracy asks only for the verdict.
right).mean → right)[good == 1].mean | That is the share found among the good sentences only (the recall).
== (good == 1) → | That is the share called good. Compare with the labels.
return (p == good).mean() | p is a probability and equals 0 or 1 almost never. The verdict is p > 0.5.
right).mean() → right) | That is one value for each sentence. Take the mean.
return → return 100 * | That is in percent. Wanted is the share, between 0 and 1.
np.where(p == 0.5, 0.5, right) → (right + (p == 0.5) / 2) | Each tie counts as “bad”, and has its half on top of that. It should have the half in place of a verdict.
p > → p >= ; np.where(p == 0.5, 0.5, right) → (right + (p == 0.5) / 2) | Each tie counts as “good”, and has its half on top of that. It should have the half in place of a verdict.
right).mean → right)[good == 0].mean | That is the share found among the bad sentences only.
return good[p > 0.5].mean() | That is the share of good ones among those called good (the precision). A bad one called bad counts as well.
== (good → & (good | Only a good sentence called good counts as right. A bad one called bad is right too.
== (good → & (good ; np.where(p == 0.5, 0.5, right) → right | Only a good sentence called good counts. A bad one called bad is right too, and a tie is half right.
return 1 - ((p - good) ** 2).mean() | That is 1 minus the mean square of the error of p. It rewards being sure; accuracy asks only for the verdict.
return ((p - good) ** 2).mean() | That is the mean square of the error of p, the Brier score. Accuracy asks only for the verdict, p > 0.5.
return abs(p - good).mean() | That is the mean error of p. Accuracy asks only for the verdict, p > 0.5.
return -np.log(np.where(good == 1, p, 1 - p)).mean() | That is the cross-entropy, a loss for training. Accuracy asks only for the verdict, p > 0.5.
mean() → sum() / (p != 0.5).sum() | You divided by the number of sentences without a tie. Ties count half, so divide by the number of all.
""",
    name="accuracy",
    draw=_with_ties,
    seed=3,
    hints=(
        "A right verdict counts 1, a wrong one 0, a tie 0.5. Then take the mean.",
        "np.where(p == 0.5, 0.5, …) chooses element by element.",
    ),
    praise="Right: a tie counts as half, so a classifier that knows nothing has 0.5.",
)
def accuracy_of(p, good):
    right = (p > 0.5) == (good == 1)
    return np.where(p == 0.5, 0.5, right).mean()


ADJECTIVES, CONTRASTS = {*GOOD, *BAD}, {"but", "although"}
BREAKS = {*NOUNS, *"the was were is are".split()}  # none of these stands between “not” and its adjective
SAYS_SOMETHING = {
    *ADJECTIVES,
    *CONTRASTS,
    *"not never no nobody nothing hardly loved hated wonderful terrible".split(),
}


def _read(text):
    return [word for word in words_of(text) if word not in "!?"]


def _parts(value):
    return value if isinstance(value, list | tuple) else ()


def _grade_tests(tests):
    if any(isinstance(part, Blank) for test in _parts(tests) for part in (test, *_parts(test))):
        raise BlankLeft
    if len(_parts(tests)) != 3:
        return "Expected three tests: return negation, length, name."
    for grade, test in zip((_negation, _length, _name), tests, strict=True):
        words, *others = (_form(t) or grade(_read(t[0]), _read(t[1]), t[2]) for t in (test, *tests))
        if words and not all(others):
            words = "that test stands in another place. Return negation, length, name."
        if words:
            return f"{grade.__name__[1:]}: {words}"
    return ""


def _form(test):
    if len(_parts(test)) != 3 or not all(isinstance(part, str) for part in test):
        return "expected (a sentence, the changed sentence, “flips” or “stays”), three texts."
    if test[2] not in ("flips", "stays"):
        return f"expected “flips” or “stays” as the third, got “{test[2][:20]}”."
    if not ADJECTIVES & {*_read(test[0])}:
        return f"nothing to judge: take an adjective that the network knows, such as {GOOD[0]} or {BAD[0]}."
    for word in _read(test[0]) + _read(test[1]):
        if word.endswith("n't"):
            return f"write “not” as a word of its own instead of “{word}”."
    same = _read(test[0]) == _read(test[1])
    return "the two sentences have the same words, so no classifier could fail." if same else ""


def _negation(a, b, wanted):
    if CONTRASTS & {*a, *b}:
        return "take a sentence of one clause: with “but” or “although” the other clause may decide."
    if b.count("not") != a.count("not") + 1:
        return "the second sentence should have exactly one “not” more than the first: “was not good”."
    if _nots(b) != _nots(a) + 1:
        return "the “not” more should stand right before the adjective: “was not good”."
    if [word for word in a if word != "not"] != [word for word in b if word != "not"]:
        return "change nothing else: take the same sentence with one “not” more."
    return "" if wanted == "flips" else "one more “not” turns the verdict around: “flips”."


def _nots(words):
    """How many stand right before an adjective, or before its “very”."""
    count = run = 0
    for word in words:
        count += run * (word in ADJECTIVES)
        run = 0 if word in {*ADJECTIVES, *BREAKS} else run + (word == "not")
    return count


def _length(a, b, wanted):
    rest = iter(b)
    if len(b) < len(a) + 5 or not all(word in rest for word in a):
        return "the second should have all words of the first, in their order, and 5 words more at least."
    if said := SAYS_SOMETHING & {*(Counter(b) - Counter(a))}:
        return f"an added word has a meaning of its own ({min(said)}). Add words that do not matter."
    return "" if wanted == "stays" else "words that say nothing should change nothing: “stays”."


def _name(a, b, wanted):
    if len(a) != len(b):
        return "only the name should be swapped for another, and all other words stay."
    swapped = [pair for pair in zip(a, b, strict=True) if pair[0] != pair[1]]
    for old, new in swapped:
        if any(
            word not in NOUNS and (word in GRAMMAR_WORDS or word in SAYS_SOMETHING) for word in (old, new)
        ):
            return f"{old} → {new}: swap one of the nouns {', '.join(NOUNS)}, and nothing else."
    if not any(word in NOUNS for pair in swapped for word in pair):
        reads = f"the vocabulary has neither “{swapped[0][0]}” nor “{swapped[0][1]}”, so the network reads the same sentence"
        return f"{reads} twice and no classifier could fail. Swap one of the nouns {', '.join(NOUNS)}."
    return "" if wanted == "stays" else "another noun should not change the verdict: “stays”."


@exercise(
    grade=_grade_tests,
    hints=(
        "Negation: the same sentence with one “not” more. What should happen to the verdict?",
        "Length: fillers before or after. Name: the film is called a movie. In neither case should anything happen.",
    ),
    praise="Right: three tests that need no labels, only an expectation. Run them on a network now.",
)
def three_tests():
    negation = ("the film was good", "the film was not good", "flips")
    length = ("the film was dull", "last week with friends in town the film was dull", "stays")
    name = ("the film was good", "the movie was good", "stays")
    return negation, length, name
