"""One explorer on a page, moved as a person would: keys, mouse, typing. Its hooks in the page are in probe.js."""

import time

REST = 0.7
"""Seconds after which a screen reader has announced the summary, and a late answer has arrived."""

PATIENCE = 60
"""Seconds after which a test fails: long enough for a busy machine."""


class ExplorerPage:
    """The `div.lstm` of one explorer. Controls are called by the names that Python gives them."""

    def __init__(self, page, section):
        self.page, self.tab, self.section = page, page.tab, section
        self._node = self._looked = None

    @property
    def node(self):
        """The section as it was on the page when it was first asked for."""
        if self._node is None:
            self._node = self.section.element_handle()
        return self._node

    def js(self, script, arg=None):
        """What a function (section, arg) gives in the page."""
        return self.node.evaluate(script, arg)

    # --- moves --------------------------------------------------------------------------------------------------

    def control(self, name):
        """The element of a control."""
        return self.section.locator(f'[data-control="{name}"]')

    def _part(self, name, selector=None, nth=0):
        """The handle of an element in a control, or of the control itself."""
        handle = self.node.query_selector(f'[data-control="{name}"]')
        if handle is None:
            raise LookupError(f"there is no control {name!r}, but {[c['name'] for c in self.controls()]}")
        return handle.query_selector_all(selector)[nth] if selector else handle

    def focus(self, name, selector="input[type=range]"):
        """Put the focus on a part of a control, or on a button."""
        part = self._part(name)
        (part.query_selector(selector) or part).focus()

    def focused(self):
        """[control's name, kind of field] of what has the focus, or None where that is outside."""
        return self.js(
            """section => {
                const at = document.activeElement, control = section.contains(at) && at.closest('[data-control]');
                return control ? [control.dataset.control, at.type] : null;
            }"""
        )

    def key(self, name, key, times=1):
        """Press a key on a slider."""
        self.focus(name)
        for _ in range(times):
            self.tab.keyboard.press(key)

    def _click(self, part):
        box = part.evaluate("node => probe.place(node)")
        self.tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def track(self, name):
        """Where a slider's thumb can be: (x of its left end, x of its right end, y)."""
        box = self._part(name, "input[type=range]").evaluate("node => probe.place(node)")
        half = min(10.0, box["width"] / 2)  # about half a thumb
        return box["x"] + half, box["x"] + box["width"] - half, box["y"] + box["height"] / 2

    def drag(self, name, *fractions, release=True):
        """Take a slider at the first of some fractions of its track, drag it along the others, and let it go."""
        left, right, y = self.track(name)
        for k, fraction in enumerate(fractions):
            self.tab.mouse.move(left + fraction * (right - left), y)
            if k == 0:
                self.tab.mouse.down()
        if release:
            self.tab.mouse.up()

    def type_number(self, name, text):
        """Type into a slider's number field."""
        self._part(name, "input[type=number]").fill(text)
        self.tab.keyboard.press("Enter")

    def type_text(self, name, text):
        """Type into a line."""
        self._part(name, "input[type=text]").fill(text)
        self.tab.keyboard.press("Enter")

    def choose(self, name, option):
        """Click the option with this number."""
        self._click(self._part(name, "label", option))

    def press(self, name):
        """Click a button or a switch."""
        self._click(self._part(name))

    def escape(self, name, selector="input"):
        """Press Escape with the focus on a control."""
        self.focus(name, selector)
        self.tab.keyboard.press("Escape")

    def stands_still(self, name):
        """Wait until a Play button plays no more."""
        script = "node => node.textContent.startsWith('▶')"
        self.page.wait_for(script, "it plays no more", arg=self._part(name))

    def moves_made(self):
        """[name, value] of each move made since the last call, as the page should report it."""
        return self.tab.evaluate("() => probe.made.splice(0)")

    # --- what it shows --------------------------------------------------------------------------------------

    def controls(self):
        """What can be moved, as a list of dicts: name, kind, disabled, low, high, step, options, typed."""
        looked, self._looked = self._looked, None  # with the differences it has just been looked at
        return looked or self.js("section => probe.look(section)")

    def value(self, name):
        """Where a slider stands."""
        return float(self._part(name, "input[type=range]").evaluate("range => range.value"))

    def words(self, part):
        """The text of "goal", "remark", "summary", "ask" or "aloud"."""
        return self.js("(section, part) => section.querySelector(`.lstm-${part}`).textContent", part)

    def announced(self, seconds=PATIENCE):
        """Whether, within `seconds`, the text for screen readers is the summary, or empty."""
        end = time.monotonic() + seconds
        while self.words("aloud") not in ("", self.words("summary")):
            if time.monotonic() > end:
                return False
            self.tab.wait_for_timeout(100)
        return True

    def picture(self):
        """The picture as text."""
        return self.js("section => section.querySelector('.lstm-view svg')?.outerHTML ?? ''")

    def film(self):
        """(control, frames) of the film that has come, or None."""
        film = self.node.get_attribute("data-film")
        return film and (film.rpartition(" ")[0], int(film.rpartition(" ")[2]))

    def wait_for_film(self, name, frames):
        """Wait until so many pictures have come for a slider."""
        script, film = "([section, film]) => section.dataset.film === film", f"{name} {frames}"
        self.page.wait_for(script, f"a film of {frames}", arg=[self.node, film], timeout=PATIENCE)

    def drag_about(self, name, places, seconds=1.0, least=0):
        """Drag a slider to and fro, once a second each way, until `seconds` are over and it has moved in `least` frames.

        In how many frames it moved, in how many the picture changed, and at which places it was another than in
        `places`, [[value, picture], …].
        """
        left, right, y = self.track(name)
        mouse, start = self.tab.mouse, time.monotonic()
        self.focus(name)
        self.js("section => probe.record(section)")
        mouse.move(left, y)
        mouse.down()
        while (now := time.monotonic() - start) < seconds or (
            now < PATIENCE and self.tab.evaluate("() => probe.moved()") < least
        ):
            mouse.move(left + (right - left) * (1 - abs(1 - now % 2)), y)
        mouse.up()
        shown = self.tab.evaluate("places => probe.recorded(places)", places)
        return shown["moved"], shown["painted"], shown["wrong"]

    def differences(self, explorer, kept=None, seconds=PATIENCE):
        """In what the page differs from an explorer in this process, once `seconds` are over.

        kept : {name: what stays in a text field though it was refused}
        """
        wanted = [explorer.view.key(0), kept or {}, seconds]
        script = "(section, [key, kept, seconds]) => probe.differences(section, key, kept, seconds)"
        found, self._looked = self.js(script, wanted)
        return found

    def shows(self, text, part="remark", seconds=PATIENCE):
        """Wait until a text is among the words, or (part "picture") in the picture."""
        where = ".lstm-view" if part == "picture" else f".lstm-{part}"
        self.page.wait_for(
            "([section, where, text]) => section.querySelector(where).textContent.replaceAll('\\u200b', '').includes(text)",
            f"{part} says {text!r}",
            arg=[self.node, where, text],
            timeout=seconds,
        )
