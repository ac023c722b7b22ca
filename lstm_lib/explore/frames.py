"""What a page shows, as a text to start from and the slots in which another one differs: answers and films.

A slot is [where, what]: an element's number in the picture and its attribute ("#text" and "#tail" for the text in
it and after it), a control's name and its field, or "" and one of the words.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from xml.etree import ElementTree

from lstm_lib.views.theme import words

SAID = ("summary", "remark", "good", "goal", "met", "ask", "scale")
"""The fields of a Picture that are no picture."""

SYMBOLS = ("title", "summary", "goal", "ask")
"""Those in which x_t is set as a symbol; a remark may quote code, where it is a name."""


@dataclass(frozen=True, eq=False)
class View:
    """A picture with its elements and slots, what is said beside it, and the controls as the page gets them."""

    picture: object
    tags: tuple
    drawn: dict
    told: dict
    controls: tuple

    @classmethod
    def of(cls, title, picture, controls, note=""):
        """A View of a Picture and of Controls; a `note` stands in place of the picture's remark."""
        said = {"title": title} | {name: getattr(picture, name) for name in SAID}
        if note:
            said |= {"remark": note, "good": False}
        controls = tuple(_in_words(control.shown()) for control in controls)
        told = {("", name): words(value) if name in SYMBOLS else value for name, value in said.items()}
        told |= {(control["name"], field): value for control in controls for field, value in control.items()}
        return cls(picture, *_read(picture.svg), told, controls)

    def with_note(self, note):
        """The same with something to tell."""
        return replace(self, told=self.told | {("", "remark"): note, ("", "good"): False})

    @cached_property
    def structure(self):
        """What no slot can say: the picture's elements, and which controls of which kind there are."""
        fixed = ("name", "kind", "group", "options", "texts", "wide")
        return self.tags, tuple(tuple(c.get(f) for f in fixed) for c in self.controls)

    def key(self, number):
        """The whole of it, for the page to start from."""
        said = {name: value for (where, name), value in self.told.items() if where == ""}
        return {"id": number, "svg": self.picture.svg, "controls": list(self.controls), "said": said}

    def since(self, key):
        """[[where, what, value], …] that turns the View `key`, of the same structure, into this one."""
        return _changes(key.drawn, self.drawn) + _changes(key.told, self.told)


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
    """{stop: View} as parts that share a structure: the slots that vary, each with its values run by run.

    A part is {svg: None for the key's own, at: [stop, …], slots: [[where, what], …], runs: [[count, value, …], …]}.
    A view with other controls than the key's is left out: the page then asks.
    """
    parts = {}
    for stop, view in views.items():
        if view.structure[1] == key.structure[1]:
            parts.setdefault(view.tags, {})[stop] = view
    return [_part(some, key) for some in parts.values()]


def _part(views, key):
    first = next(iter(views.values()))
    own = first.tags != key.tags
    base = (first if own else key).drawn | key.told
    rows = [view.drawn | view.told for view in views.values()]
    slots = dict.fromkeys(slot for row in (base, *rows) for slot in row)
    vary = [slot for slot in slots if any(row.get(slot) != base.get(slot) for row in rows)]
    runs = [_runs([row.get(slot) for row in rows]) for slot in vary]
    svg = first.picture.svg if own else None
    return {"svg": svg, "at": list(views), "slots": [list(slot) for slot in vary], "runs": runs}


def _runs(values):
    out = []
    for value in values:
        if out and out[-1] == value and type(out[-1]) is type(value):
            out[-2] += 1
        else:
            out += [1, value]
    return out
