"""What all explorers share: one state, controls that write it, a picture drawn from it."""

from __future__ import annotations

import copy
import threading

import ipywidgets as widgets

from lstm_lib.explore.remarks import note, said
from lstm_lib.explore.style import STYLE
from lstm_lib.views.theme import words

__all__ = ["Explorer"]


class Explorer(widgets.VBox):
    """A state (a dict), controls that change it, and a picture that follows.

    A subclass sets `title` and `presets` (name → changes of the state, or a function that makes them), gives its first state to
    `__init__` and its controls by `add_*`, and draws in `draw`. All maths is done in `draw`, by the
    library; a move that fails is undone and explained under the controls, never lost in a log.
    """

    title = ""
    presets: dict[str, dict] = {}
    label_width = "5.6em"

    def __init__(self, state):
        self._lock = threading.RLock()
        self._quiet = False
        self._bound = []
        self._rows = []
        self.locked = False
        self.state = copy.deepcopy(state)
        self._start = copy.deepcopy(state)
        self.sliders = []
        self.buttons = {}
        self.view = widgets.HTML().add_class("lstm-view")
        self.notice = widgets.HTML()
        self.svg, self.summary = "", ""
        super().__init__()
        self.add_class("lstm")
        self.build()
        self._add_presets()
        controls = widgets.VBox([*self._rows, self.notice]).add_class("lstm-controls")
        body = widgets.Box([controls, self.view], layout={"flex_flow": "row wrap"}).add_class("lstm-body")
        self.children = [widgets.HTML(STYLE, layout={"display": "none"}), body]
        self._show()

    def build(self):
        """Add the controls. A subclass overrides this."""
        raise NotImplementedError

    def draw(self):
        """The picture and its one-line summary, (SVG text, str), from `self.state` alone."""
        raise NotImplementedError

    def remark(self):
        """Something to say under the controls beside the picture, or ''. Plain text."""
        return ""

    def speaks(self):
        """Whether a screen reader is to read the summary out when it changes."""
        return True

    # --- controls ---------------------------------------------------------------------------------

    # `when(state)` says whether a control is in sight: more values than four are reached by choosing
    # what the sliders act on.

    def add_slider(self, low, high, step, read, write, label, format=".2f", when=None):
        """A slider for the number `read(state)`; `label(state)` names it; low, high may be functions."""
        if not _now(low, self.state) <= read(self.state) <= _now(high, self.state):
            raise ValueError(
                f"{label(self.state)}: expected a value from {_now(low, self.state):g} to "
                f"{_now(high, self.state):g}, got {read(self.state):g}"
            )
        slider = widgets.FloatSlider(
            min=_now(low, self.state), max=_now(high, self.state), step=_now(step, self.state),
            value=read(self.state), readout_format=format, style={"description_width": self.label_width},
        )  # fmt: skip

        def show():
            """Put the slider where the state is; range first, or the value would be cut to the old one."""
            with slider.hold_trait_notifications():
                slider.min, slider.max = _now(low, self.state), _now(high, self.state)
                slider.step = _now(step, self.state)
            slider.description = label(self.state)
            slider.value = read(self.state)

        def is_move(new):
            """Whether a person did it: a browser reports the nearest step of a value it is shown."""
            here, by = float(read(self.state)), float(slider.step)
            nearest = slider.min + round((here - slider.min) / by) * by
            return abs(new - nearest) > 1e-9

        self.sliders.append(slider)
        return self._bind(slider, write, show, when, is_move)

    def add_choice_slider(self, options, read, write, label):
        """A slider over listed values, [(text, value), …]."""
        slider = widgets.SelectionSlider(
            options=options,
            value=read(self.state),
            description=label,
            style={"description_width": self.label_width},
        )
        self.sliders.append(slider)
        return self._bind(slider, write, lambda: setattr(slider, "value", read(self.state)))

    def add_buttons(self, label, options, read, write, when=None):
        """A row of buttons of which one is chosen, [(text, value), …]."""
        row = widgets.ToggleButtons(
            options=options, value=read(self.state), description=label,
            style={"description_width": "auto", "button_width": "auto"},
        )  # fmt: skip
        return self._bind(row, write, lambda: setattr(row, "value", read(self.state)), when)

    def add_switches(self, label, names, read, write, when=None):
        """A row of switches, each on or off by itself; `names` is {name: text on the switch}."""
        row = []
        for name, shown in names.items():
            switch = widgets.ToggleButton(value=read(self.state, name), description=shown)
            self._bind(
                switch,
                lambda state, value, name=name: write(state, name, value),
                lambda switch=switch, name=name: setattr(switch, "value", read(self.state, name)),
                when,
            )
            row.append(self._rows.pop())
        self._rows.append(widgets.Box([widgets.Label(label), *row]).add_class("lstm-row"))
        return row

    def add_button(self, label, change, icon=""):
        """A button that alters the state by `change(state)`."""
        button = widgets.Button(description=label, icon=icon)
        button.on_click(lambda _: self.move(change))
        self.buttons[label] = button
        self._rows.append(widgets.Box([button]).add_class("lstm-row"))
        return button

    def add_text(self, label, read, write, placeholder=""):
        """A line to type in, read when Enter is pressed or the line is left."""
        box = widgets.Text(
            value=read(self.state), description=label, continuous_update=False, placeholder=placeholder,
            style={"description_width": self.label_width},
        )  # fmt: skip
        return self._bind(box, write, lambda: setattr(box, "value", read(self.state)))

    def _bind(self, widget, write, show, when=None, is_move=lambda new: True):
        def moved(change):
            """Write a person's move into the state, not what `show` sets."""
            with self._lock:  # a drawing under way in another thread is no reason to lose a move
                if not self._quiet and is_move(change["new"]):
                    self.move(lambda state: write(state, change["new"]))

        widget.observe(moved, "value")

        def in_sight():
            """Show the state, and hide the control where it has nothing to act on."""
            show()
            if when is not None:
                widget.layout.display = "" if when(self.state) else "none"

        self._bound.append((widget, in_sight))
        self._rows.append(widget)
        return widget

    def _add_presets(self):
        row = []
        for name in [*self.presets, "Reset"]:
            button = widgets.Button(description=name, icon="undo" if name == "Reset" else "")
            button.on_click(lambda _, name=name: self.apply(name))
            self.buttons[name] = button
            row.append(button)
        self._rows.append(widgets.Box(row).add_class("lstm-row"))

    # --- moves ------------------------------------------------------------------------------------

    def apply(self, preset):
        """Press a preset's button, or "Reset"."""
        if preset not in self.presets and preset != "Reset":
            raise ValueError(f"preset: expected one of {[*self.presets, 'Reset']}, got {preset!r}")
        changes = self._start if preset == "Reset" else self.presets[preset]
        self.move(lambda state: state.update(copy.deepcopy(changes(state) if callable(changes) else changes)))

    def move(self, change):
        """Let `change` alter the state and show the result; if that fails, say so and undo it."""
        with self._lock:
            before = copy.deepcopy(self.state)
            try:
                change(self.state)
                self._show()
            except BaseException as error:  # whatever it is, it must reach the page, not a log
                self.state = before
                self._sync()
                self.notice.value = note(f"{_told(error)}\nThe picture is as it was.")
                if not isinstance(error, Exception):
                    raise

    def _show(self):
        self._redraw()
        self._sync()

    def _redraw(self):
        """The picture and the words, without the controls."""
        self.svg, self.summary = self.draw()
        self.view.value = self.svg + said(self.summary, self.speaks())
        remark = self.remark()
        self.notice.value = note(remark) if remark else ""

    def _sync(self):
        self._quiet = True
        try:
            for _, show in self._bound:
                show()
        finally:
            self._quiet = False

    def lock(self, locked=True):
        """Disable (or enable) every control."""
        with self._lock:
            self.locked = locked
            for widget in [*(widget for widget, _ in self._bound), *self.buttons.values()]:
                widget.disabled = locked

    # --- pages without a kernel -------------------------------------------------------------------

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = words(f"{self.title}. {self.summary}")
        bundle["image/svg+xml"] = self.svg
        return bundle


def _told(error):
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"


def _now(value, state):
    return value(state) if callable(value) else value
