"""Answers to the exercises of notebook 06 as readers type them, one a line: the wrong are refused, the right pass.

A line stands in the function after the line that the notebook gives; \\n begins a new line.
"""

import numpy as np
import pytest

from lstm_lib.exercises import exercise, judge
from lstm_lib.judge.judge import RIGHT, UNFINISHED

FUNCTIONS = {
    "indices": "def f(sentence, index):\n words = sentence.lower().split()\n {}",
    "final_states": "def f(h, mask):\n last = mask.sum(axis=0).astype(int) - 1\n {}",
    "accuracy": "def f(p, good):\n {}",
    "three_tests": exercise("three_tests")
    .solution.replace("    return", " {}\n return")
    .replace("    ", " "),
}
WRONG, OTHER_RIGHT = {}, {}
WRONG["indices"] = r"""
return [index[word] for word in words]
return [index[word] for word in words if word in index]
return [index.get(word) for word in words]
return [word for word in words]
return [index for word in words]
return [index(word) for word in words]
return [index.get(word, -1) for word in words]
return [index.get(word, 1) for word in words]
return [index.get(word, len(index)) for word in words]
return [index.get(word, '<unknown>') for word in words]
return [words.index(word) for word in words]
return [index.index(word) for word in words]
return [list(index).index(word) for word in words]
return [word in index for word in words]
return [len(word) for word in words]
return [index.get(word, 0) for word in set(words)]
return [index.get(word, 0) for word in sorted(words)]
words = sentence.split(); return [index.get(word, 0) for word in words]
words = sentence.lower(); return [index.get(word, 0) for word in words]
return [index.get(word, 0) for word in index]
return [index.setdefault(word, len(index)) for word in words]
return [index.setdefault(word, 0) for word in words]
return [index.pop(word, 0) for word in words]
return [0 for word in words]
return [k for k, word in enumerate(words)]
return [index[word] if word in index else None for word in words]
return [index[word] or 0 for word in words]
return [index.get(word, 0) + 1 for word in words]
return [index.get(word, 0) - 1 for word in words]
return [index.get(words, 0) for word in words]
return [[k == index.get(word, 0) for k in range(len(index))] for word in words]
return [index.get(word, 0) for word in reversed(words)]
return (index.get(word, 0) for word in words)
return [index.get('word', 0) for word in words]
return [str(index.get(word, 0)) for word in words]
return [words.count(word) for word in words]
words = sentence.split(','); return [index.get(word, 0) for word in words if word]
return [index.get(word[0], 0) for word in words]
return [index.get(word.title(), 0) for word in words]
return {word: index.get(word, 0) for word in words}
return [k for k in index.values()]
return print([index.get(word, 0) for word in words])
"""
OTHER_RIGHT["indices"] = r"""
return [index.get(word, 0) for word in words]
return [index[word] if word in index else 0 for word in words]
return [index.get(word, index['<unknown>']) for word in words]
return [index.get(word) or 0 for word in words]
return [index[word if word in index else '<unknown>'] for word in words]
return list(map(lambda w: index.get(w, 0), words))
return np.array([index.get(word, 0) for word in words])
return [(word in index) and index[word] for word in words]
return [{**index}.setdefault(word, 0) for word in words]
return tuple(index.get(w, 0) for w in words)
from collections import defaultdict; known = defaultdict(int, index); return [known[w] for w in words]
out = []\nfor w in sentence.casefold().split():\n    try:\n        out.append(index[w])\n    except KeyError:\n        out.append(0)\nreturn out
"""
WRONG["final_states"] = r"""
last = -1; return h[last]
last = len(mask) - 1; return h[last]
last = len(h); return h[last]
last = mask.sum(axis=0); return h[last]
last = mask.sum(axis=0) - 1; return h[last]
last = mask.sum(axis=0) - 1; return h[last, np.arange(len(last))]
last = mask.sum(axis=0).astype(int); return h[last, np.arange(len(last))]
return h[last]
return h[last, :]
return h[last, 0]
return h[np.arange(len(last)), last]
return h[:, last]
return h[last, range(len(h))]
return h[last, np.arange(h.shape[2])]
return h[last, mask]
return h[last[0]]
return h[max(last)]
return h[-last, np.arange(len(last))]
last = mask.sum(axis=0).astype(int) - 2; return h[last, np.arange(len(last))]
last = -mask.sum(axis=0).astype(int); return h[last, np.arange(len(last))]
last = mask.sum().astype(int) - 1; return h[last]
last = int(mask.sum(axis=0).mean()) - 1; return h[last]
last = mask.sum(axis=1).astype(int) - 1; return h[last, np.arange(len(last))]
last = mask.sum(axis=-1).astype(int) - 1; return h[last, np.arange(h.shape[1])]
last = mask.argmax(axis=0); return h[last, np.arange(len(last))]
last = mask.argmin(axis=0); return h[last, np.arange(len(last))]
last = mask.argmin(axis=0) - 1; return h[last]
last = (mask == 0).argmax(axis=0); return h[last, np.arange(len(last))]
last = (mask == 0).sum(axis=0); return h[last, np.arange(len(last))]
last = (mask == 0).sum(axis=0); return h[-last, np.arange(len(last))]
last = mask[-1]; return h[last]
last = mask[-1].astype(int); return h[last]
last = mask == 1; return h[last]
last = mask.astype(bool); return h[last]
last = mask[-1] == 1; return h[-1, last]
last = np.nonzero(mask); return h[last]
last = np.nonzero(mask)[0].max(); return h[last]
last = np.nonzero(mask)[0]; return h[last, np.arange(len(last))]
last = h.shape[0] - 1; return h[last, np.arange(h.shape[1])]
last = mask.cumsum(axis=0)[-1].astype(int); return h[last - 1]
last = np.max(mask, axis=0).astype(int); return h[last, np.arange(len(last))]
return (h * mask[..., None])[-1]
return (h * mask[:, :, None]).sum(axis=0)
return (h * mask[:, :, None]).max(axis=0)
return h.mean(axis=0)
return h * mask
return h * mask[..., None]
return [h[n] for n in last]
return h[last, np.arange(len(last))].T
return h[last, np.arange(len(last))].sum(axis=0)
return [h[n, b] for b in range(h.shape[1]) for n in last]
return h[last].mean(axis=1)
"""
OTHER_RIGHT["final_states"] = r"""
return h[last, np.arange(len(last))]
last = mask.sum(0).astype(int) - 1; return h[last, range(len(last))]
last = np.int64(mask.sum(axis=0)) - 1; return h[last, np.arange(h.shape[1])]
last = np.count_nonzero(mask, axis=0) - 1; return h[last, np.arange(mask.shape[1])]
last = mask.cumsum(axis=0).argmax(axis=0); return h[last, np.arange(len(last))]
last = mask.argmin(axis=0) - 1; return h[last, np.arange(len(last))]
last = len(mask) - 1 - mask[::-1].argmax(axis=0); return h[last, np.arange(len(last))]
last = (mask == 0).sum(axis=0); return h[-last - 1, np.arange(len(last))]
last = [int(n) - 1 for n in mask.sum(axis=0)]; return h[last, list(range(len(last)))]
last = mask.astype(bool) & ~np.vstack([mask[1:], 0 * mask[:1]]).astype(bool); return h[np.nonzero(last.T)[1], np.nonzero(last.T)[0]]
return np.array([h[n, b] for b, n in enumerate(last)])
return [h[n, b] for b, n in enumerate(last)]
return np.take_along_axis(h, last[None, :, None], axis=0)[0]
ends = mask - np.vstack([mask[1:], np.zeros((1, mask.shape[1]))]); return (h * ends[..., None]).sum(axis=0)
"""
WRONG["accuracy"] = r"""
return ((p > 0.5) == good).mean()
return ((p >= 0.5) == good).mean()
return (np.round(p) == good).mean()
return (p.round() == good).mean()
return (p > 0.5) == good
return ((p > 0.5) == good).sum()
return ((p > 0.5) == good).sum() / len(p) + 0.5 * (p == 0.5).sum()
return ((p > 0.5) == good).mean() + 0.5 * (p == 0.5).mean()
return ((p >= 0.5) == good).mean() - 0.5 * (p == 0.5).mean()
return ((p >= 0.5) == good).mean() + 0.5 * (p == 0.5).mean()
return (p == good).mean()
return (p > 0.5).mean()
return p.mean()
return good.mean()
return np.abs(p - good).mean()
return 1 - np.abs(p - good).mean()
return ((p - good) ** 2).mean()
return np.where(p == 0.5, 0.5, (p > 0.5) == good)
return np.where(p == 0.5, 0.5, (p > 0.5) == good).sum()
return np.where(p == 0.5, 0.5, p > 0.5).mean()
return np.where(p == 0.5, 0.5, p == good).mean()
return np.where(p == 0.5, 0, (p > 0.5) == good).mean()
return np.where(p == 0.5, 1, (p > 0.5) == good).mean()
return np.where(p > 0.5, good, 0.5).mean()
return np.where(p > 0.5, good, 1 - good).mean()
return np.where(p > 0.5, good, 0).mean()
return np.where(p == 0.5, 0.5, (p < 0.5) == good).mean()
return 1 - np.where(p == 0.5, 0.5, (p > 0.5) == good).mean()
return (good * p).mean()
return np.where(good == 1, p, 1 - p).mean()
return ((p > 0.5) == good)[p != 0.5].mean()
return ((p > 0.5) == good)[good == 1].mean()
return ((p > 0.5) * good).sum() / good.sum()
return ((p > 0.5) * good).sum() / (p > 0.5).sum()
return ((p > 0.5) * good).mean()
return ((p > 0.5) & good).mean()
return ((p > 0.5) is good).mean()
return (p > 0.5) == good and 1 or 0
return 1 if p > 0.5 == good else 0
return (p > 0.5 == good).mean()
return np.corrcoef(p, good)[0, 1]
return -(good * np.log(p) + (1 - good) * np.log(1 - p)).mean()
return round(np.where(p == 0.5, 0.5, (p > 0.5) == good).mean(), 2)
return 100 * np.where(p == 0.5, 0.5, (p > 0.5) == good).mean()
return np.where(p == 0.5, 0.5, (p > 0.5) == good).mean() / 2
return np.mean([0.5 if x == 0.5 else x > 0.5 for x in p])
return sum(0.5 if x == 0.5 else (x > 0.5) == g for x, g in zip(p, good))
return np.where(p == 0.5, 0.5 * good, (p > 0.5) == good).mean()
return np.sign((p - 0.5) * (good - 0.5)).mean()
return np.median(np.where(p == 0.5, 0.5, (p > 0.5) == good))
p[p == 0.5] = 0.5; p[p > 0.5] = 1; p[p < 0.5] = 0; return (1 - np.abs(p - good)).mean()
right = (p > 0.5) == good; right[p == 0.5] = 0.5; return right.mean()
right = ((p > 0.5) == good).astype(int); right[p == 0.5] = 0.5; return right.mean()
right = 0\nfor x, g in zip(p, good):\n    if x > 0.5 and g == 1 or x < 0.5 and g == 0:\n        right += 1\nreturn right / len(p)
right = 0\nfor x, g in zip(p, good):\n    if x > 0.5 and g == 1:\n        right += 1\n    elif x == 0.5:\n        right += 0.5\nreturn right / len(p)
"""
OTHER_RIGHT["accuracy"] = r"""
return np.where(p == 0.5, 0.5, (p > 0.5) == good).mean()
return np.mean((1 + np.sign(p - 0.5) * np.sign(good - 0.5)) / 2)
return (((p > 0.5) == good) * (p != 0.5) + 0.5 * (p == 0.5)).mean()
return (((p > 0.5) == good).mean() + ((p >= 0.5) == good).mean()) / 2
return 1 - np.abs((np.sign(p - 0.5) + 1) / 2 - good).mean()
return sum(0.5 if x == 0.5 else (x > 0.5) == g for x, g in zip(p, good)) / len(p)
return np.average(np.select([p == 0.5, (p > 0.5) == (good == 1)], [0.5, 1.0], 0.0))
return np.heaviside((p - 0.5) * (good - 0.5), 0.5).mean()
return (np.sum((p > 0.5) & (good == 1)) + np.sum((p < 0.5) & (good == 0)) + np.sum(p == 0.5) / 2) / p.size
right = ((p > 0.5) == good).astype(float); right[p == 0.5] = 0.5; return right.mean()
"""
WRONG["three_tests"] = r"""
return negation, length
return negation
return [negation, length, name, name]
return {'negation': negation, 'length': length, 'name': name}
return negation + length + name
return name, negation, length
return None
negation = ("the film was good", "the film was good", "flips")
negation = ("the film was good", "The film was good.", "flips")
negation = ("the film was good", "the film was bad", "flips")
negation = ("the film was good", "the film was not good", "stays")
negation = ("the film was good", "the film was not not good", "flips")
negation = ("the film was good", "the film was not good", "flip")
negation = ("the film was good", "the film was not good", True)
negation = ("the film was good", "the film was not good")
negation = ("the film was good", "the film was not bad", "flips")
negation = ("the film was good", "the plot was not bad", "flips")
negation = ("the film was good", "the film was not good but bad", "flips")
negation = ("the film was good", "not the film was dull but the music was lovely", "flips")
negation = ("the film was good", "the film was good, not the music", "flips")
negation = ("the film was not good", "the film was not dull", "flips")
negation = ("the film was good", "i did not sleep and the film was good", "flips")
negation = ("the film was good but the music was bad", "the film was not good but the music was bad", "flips")
negation = ("although the film was good, the music was bad", "although the film was not good, the music was bad", "flips")
negation = ("the film was good", "the film was good not", "flips")
negation = ("the film was good", "no the film was good", "flips")
negation = ("the film was good", "the film was hardly good", "flips")
negation = ("the film was zorgly", "the film was not zorgly", "flips")
negation = ("good", "not good at all but never mind", "flips")
length = ("the film was dull", "the film was dull", "stays")
length = ("the film was dull", "the film was very dull", "stays")
length = ("the film was dull", "last week the film was dull", "stays")
length = ("the film was dull", "last week with friends in town the film was dull", "flips")
length = ("last week with friends in town the film was dull", "the film was dull", "stays")
length = ("the film was dull", "last week with friends in town the plot was dull", "stays")
length = ("the film was dull", "the film was dull but we saw it last week", "stays")
length = ("the film was dull", "the film was dull and we hated it with a passion", "stays")
length = ("the film was dull", "the film was dull and the music was wonderful too", "stays")
length = ("the film was dull", "it is hardly true that the film was dull", "stays")
length = ("the film was dull", "nobody i know would say the film was dull", "stays")
length = ("the film was dull but the music was good", "the film was dull but the music was good but the film was dull", "stays")
length = ("the film was not good", "the film was not not not not not not good", "stays")
length = ("the film was not good", "the film was not good not not not not not", "stays")
length = ("last week", "last week with friends in town after dinner", "stays")
length = ("the", "the film we saw with friends", "stays")
name = ("the film was good", "the film was great", "stays")
name = ("the film was good", "the film was bad", "stays")
name = ("anna saw it and the film was good", "karim saw it and the film was bad", "stays")
name = ("anna saw it and the film was good", "karim saw it and the film was good", "flips")
name = ("anna saw it and the film was good", "anna saw it and the film was good", "stays")
name = ("anna saw it and the film was good", "anna and karim saw it and the film was good", "stays")
name = ("anna", "karim", "stays")
name = ("the film was good", "the film was wonderful", "stays")
name = ("the film was terrible", "the film was wonderful", "stays")
name = ("the film was good", "the film is good", "stays")
name = ("anna hated it", "anna loved it", "stays")
name = ("the film was very good", "the film was hardly good", "stays")
name = ("the film was so good", "the film was almost good", "stays")
return negation, length, "anna"
name = ("anna", "karim")
name = (["anna saw it and the film was good"], ["karim saw it and the film was good"], "stays")
return negation, name, length
negation = ("the film was good", "the film was not good", "flips ")
negation = ("the film was good", "the film was not good", "Flips")
negation = ("the film was wonderful", "the film was not wonderful", "flips")
negation = ("the plot was dull but the music was lovely", "the plot was dull but the music was not lovely", "flips")
negation = ("the film was good but the music was bad", "the film was not good but the music was bad", "stays")
negation = ("although the film was good, the music was bad", "although the film was not good, the music was bad", "stays")
length = ("the film was dull", "last week the film was dull after dinner", "stays")
"""
OTHER_RIGHT["three_tests"] = r"""
pass
return [negation, length, name]
negation = ("the film was not dull", "the film was dull", "flips")
negation = ("the film was good", "the film was not not good", "stays")
negation = ("the film was good", "the film wasn't good", "flips")
negation = ("The film was good.", "The film was NOT good!", "flips")
negation = ("the film was lovely", "the film was never lovely", "flips")
negation = ["the film was good", "the film was not good", "flips"]
length = ("the film was dull", "the film was dull, we saw it last week in town", "stays")
length = ("the film was dull", "we saw it with anna and tom; the film was really very dull", "stays")
length = ("the film was dull", "the film that we saw last week was dull", "stays")
length = ("the film was not good", "the film we saw in town last week was not good", "stays")
name = ("the matrix was good", "the godfather was good", "stays")
name = ("Anna saw it; the film was dull.", "Tom saw it; the film was dull.", "stays")
name = ("we saw it with Anna Smith and it was good", "we saw it with Karim Khan and it was good", "stays")
name = ("the wire was good", "the piano was good", "stays")
name = ("anna saw it and anna was bright", "karim saw it and karim was bright", "stays")
"""


def lines(table):
    return [
        pytest.param(name, line, id=f"{name}-{k}")
        for name, text in table.items()
        for k, line in enumerate(text.strip().splitlines())
    ]


def verdict(name, line):
    scope = {"np": np}
    exec(FUNCTIONS[name].format(line.replace("\\n", "\n ")), scope)
    return judge(exercise(name), scope.popitem()[1])


@pytest.mark.parametrize(("name", "line"), lines(WRONG))
def test_a_wrong_answer_is_refused(name, line):
    found = verdict(name, line)
    assert found.state not in (RIGHT, UNFINISHED) and 0 < len(found.words) < 600


@pytest.mark.parametrize(("name", "line"), lines(OTHER_RIGHT))
def test_a_right_answer_passes(name, line):
    found = verdict(name, line)
    assert found.state == RIGHT, found.text


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("indices", "return [index.setdefault(word, 0) for word in words]", "It changes its arguments"),
        ("indices", "return [index.pop(word, 0) for word in words]", "It changes its arguments"),
        ("indices", "return [index[word] if word in index else None for word in words]", "is None for an unknown word"),
        ("indices", "return [None for word in words]", "it returned None among its values"),
        ("indices", "return [0 for word in words]", "For sentence = “The zorgly film was not not good”: it returned"),
        ("final_states", "return h[last, mask]", "An index has to be an integer"),
        ("final_states", "last = np.nonzero(mask)[0]; return h[last, np.arange(len(last))]", "it raised IndexError"),
        ("final_states", "last = mask.sum(axis=1).astype(int) - 1; return h[last, np.arange(len(last))]", "sum over the steps"),
        ("accuracy", "return good.mean()", "it returned 0.5, expected 0.666667"),
        ("accuracy", "return ((p >= 0.5) == good).mean() - 0.5 * (p == 0.5).mean()", "it returned"),
        ("three_tests", 'name = ("the film was good", "the film is good", "stays")', "name: was → is swaps no names"),
        ("three_tests", 'length = ("last week", "last week we saw it in town", "stays")', "length: nothing to judge"),
        ("three_tests", "return negation, length", "Expected three tests"),
        ("three_tests", "negation = negation[:2]", "negation: expected (a sentence"),
        ("three_tests", 'negation = (*negation[:2], "bad")', "negation: expected “flips” or “stays”"),
        ("three_tests", 'negation = (*negation[:2], "stays")', "negation: one more “not” turns the verdict around"),
        ("three_tests", "negation = (negation[0], *negation[::2])", "negation: the two sentences have the same words"),
        ("three_tests", 'negation = (negation[0], "the film was bad", "flips")', "negation: as many “not” before"),
        ("three_tests", 'negation = (negation[0], "the film was not bad", "flips")', "negation: change nothing else"),
        ("three_tests", 'negation = ("good but dull", "not good but dull", "stays")', "negation: take a sentence of one clause"),
        ("three_tests", 'length = (length[0], "but " + length[1], "stays")', "length: an added word has a meaning of its own (but)"),
        ("three_tests", 'length = (length[0], "so " + length[0], "stays")', "length: the second should have all words"),
        ("three_tests", 'length = (*length[:2], "flips")', "length: words that say nothing"),
        ("three_tests", 'name = (name[0], "anna and " + name[1], "stays")', "name: only the name should be swapped"),
        ("three_tests", 'name = (*name[:2], "flips")', "name: who saw the film"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_wrong_answer(name, line, words):
    assert words.lower() in verdict(name, line).words.lower()


def test_the_course_s_own_dict_is_not_changed():
    before = [dict(case[1]) for case in exercise("indices").cases]
    verdict("indices", "index.clear(); return []")
    assert [case[1] for case in exercise("indices").cases] == before
