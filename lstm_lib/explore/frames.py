"""What a page shows: a key view, and for each later view the slots in which it differs. Films are made of the same.

A slot is [where, what]: the number of an SVG element and an attribute ("#text" and "#tail": the text in the element
and after it), the name of a control and a field, or "" and the name of a text beside the picture.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from xml.etree import ElementTree

from lstm_lib.views.theme import words

TEXTS = ("summary", "remark", "good", "goal", "met", "ask", "scale")
"""The fields of a Picture that are shown beside it."""

SYMBOLS = ("title", "summary", "goal", "ask")
"""The texts in which x_t is shown as a symbol. A remark may quote code, where x_t is a name."""


@dataclass(frozen=True, eq=False)
class View:
    """A picture, its tags and slots (`drawn`), and the slots of the texts and controls (`fields`)."""

    picture: object
    tags: tuple
    drawn: dict
    fields: dict
    controls: tuple

    @classmethod
    def of(cls, title, picture, controls):
        """The View of a Picture and of Controls."""
        texts = {"title": title} | {name: getattr(picture, name) for name in TEXTS}
        controls = tuple(_in_words(control.shown()) for control in controls)
        fields = {("", name): words(value) if name in SYMBOLS else value for name, value in texts.items()}
        fields |= {
            (control["name"], field): value for control in controls for field, value in control.items()
        }
        return cls(picture, *_read(picture.svg), fields, controls)

    def with_note(self, note):
        """A copy with `note` in place of the remark."""
        return replace(self, fields=self.fields | {("", "remark"): note, ("", "good"): False})

    @cached_property
    def structure(self):
        """What slots cannot change: the elements of the picture, and the kinds and options of the controls."""
        fixed = ("name", "kind", "group", "options", "texts", "wide")
        return self.tags, tuple(tuple(c.get(f) for f in fixed) for c in self.controls)

    def key(self, number):
        """The whole view as a message."""
        texts = {name: value for (where, name), value in self.fields.items() if where == ""}
        return {"id": number, "svg": self.picture.svg, "controls": list(self.controls), "texts": texts}

    def since(self, key):
        """[[where, what, value], …]: what differs from the View `key`, which has the same structure."""
        return _changes(key.drawn, self.drawn) + _changes(key.fields, self.fields)


def _in_words(control):
    options = {"options": tuple(map(words, control["options"]))} if "options" in control else {}
    return control | {"label": words(control["label"])} | options


def _read(svg):
    tags, slots = [], {}
    for k, element in enumerate(ElementTree.fromstring(svg).iter() if svg else ()):
        tags.append(element.tag)
        slots |= {(k, name): value for name, value in element.attrib.items()}
        slots |= {
            (k, what): text for what, text in (("#text", element.text), ("#tail", element.tail)) if text
        }
    return tuple(tags), slots


def _changes(old, new):
    gone = [[*slot, None] for slot in old if slot not in new]
    return gone + [[*slot, value] for slot, value in new.items() if slot not in old or old[slot] != value]


def film_parts(views, key):
    """{stop: View} as messages, one for each structure, with the values of each varying slot run-length encoded.

    A part is {svg: None for the key's own, at: [stop, …], slots: [[where, what], …], runs: [[count, value, …], …]}.
    Views with other controls than the key's are left out: for those the page asks Python.
    """
    parts = {}
    for stop, view in views.items():
        if view.structure[1] == key.structure[1]:
            parts.setdefault(view.tags, {})[stop] = view
    return [_part(some, key) for some in parts.values()]


def _part(views, key):
    first = next(iter(views.values()))
    other = first.tags != key.tags
    base = (first if other else key).drawn | key.fields
    rows = [view.drawn | view.fields for view in views.values()]
    slots = dict.fromkeys(slot for row in (base, *rows) for slot in row)
    vary = [slot for slot in slots if any(row.get(slot) != base.get(slot) for row in rows)]
    runs = [_runs([row.get(slot) for row in rows]) for slot in vary]
    svg = first.picture.svg if other else None
    return {"svg": svg, "at": list(views), "slots": [list(slot) for slot in vary], "runs": runs}


def _runs(values):
    out = []
    for value in values:
        if out and out[-1] == value and type(out[-1]) is type(value):
            out[-2] += 1
        else:
            out += [1, value]
    return out
