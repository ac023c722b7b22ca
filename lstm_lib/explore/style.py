"""The look of controls, and the one setting that enlarges everything for a room."""

from __future__ import annotations

import ipywidgets as widgets

__all__ = ["STYLE", "text_size"]

STYLE = """<style>
.lstm { --s: var(--lstm-scale, 1); --jp-widgets-font-size: calc(13px * var(--s));
  --jp-widgets-inline-height: calc(28px * var(--s)); --jp-widgets-inline-width-short: calc(148px * var(--s));
  max-width: 100%; }
.lstm, .lstm .widget-label, .lstm button, .lstm select, .lstm input { font-size: calc(13px * var(--s)); }
.lstm .lstm-body { gap: 4px 18px; align-items: flex-start; overflow: visible; }
.lstm .lstm-controls { flex: 1 1 calc(285px * var(--s)); max-width: calc(360px * var(--s)); min-width: 0; gap: 4px;
  overflow: visible; }
.lstm .lstm-view { flex: 999 1 calc(420px * var(--s)); min-width: min(100%, 320px);
  max-width: calc(760px * var(--s)); overflow: visible; height: auto; }
.lstm .lstm-view .widget-html-content { line-height: 1.35; }
.lstm .lstm-picture { display: block; width: 100%; height: auto; border: 1px solid #d0d7de; border-radius: 8px;
  box-sizing: border-box; max-width: calc(var(--lstm-w, 760) * 1px * var(--s)) !important; }
.lstm .lstm-says { margin: 4px 2px 0; color: var(--jp-ui-font-color1, #57606a); }
.lstm .lstm-note { background: #fff8c5; color: #1b1f24; border-left: 4px solid #9a6700; padding: 6px 10px;
  border-radius: 4px; margin: 4px 0; white-space: pre-wrap; }
.lstm .lstm-good { background: #dafbe1; color: #1b1f24; border-left: 4px solid #1a7f37; padding: 6px 10px;
  border-radius: 4px; margin: 4px 0; white-space: pre-wrap; }
.lstm .lstm-ask { font-size: calc(14px * var(--s)); line-height: 1.45; margin: 2px 0; }
.lstm .widget-hslider { width: 100%; height: calc(32px * var(--s)); }
.lstm .widget-play { width: calc(96px * var(--s)); }
.lstm .lstm-row { flex-flow: row wrap; align-items: center; gap: 4px; overflow: visible; }
.lstm .lstm-row button { width: auto; margin: 0; height: auto; line-height: calc(24px * var(--s));
  padding: 0 calc(9px * var(--s)); white-space: normal; text-align: left; }
.lstm .widget-toggle-buttons { height: auto; overflow: visible; width: 100%; }
.lstm .widget-toggle-button { width: auto; margin: 1px; height: auto; line-height: calc(24px * var(--s));
  padding: 0 calc(8px * var(--s)); }
.lstm .widget-toggle-button.mod-active { outline: 2px solid #6f42c1; background: #f1ebfb; color: #1b1f24;
  font-weight: 600; }
.lstm button:focus-visible, .lstm .noUi-handle:focus-visible { outline: 3px solid #0a5bb0; outline-offset: 1px; }
.lstm .widget-radio { width: 100%; height: auto; }
.lstm .widget-radio-box { height: auto; max-height: none; width: 100%; overflow: visible; }
.lstm .widget-radio-box label { white-space: normal; height: auto; line-height: 1.4; width: 100%;
  display: flex; align-items: flex-start; padding: 2px 0; font-size: calc(14px * var(--s)); }
.lstm .widget-radio-box label input { flex: none; order: -1; margin: 0.25em 8px 0 0; float: none; }
.lstm .widget-text { width: calc(100% - 4px); }
.lstm .widget-readout { width: auto; min-width: calc(50px * var(--s)); margin-right: 0; }
.lstm .lstm-note, .lstm .lstm-good { line-height: 1.45; }
</style>"""

SIZES = {"laptop": 1.0, "classroom": 1.4, "lecture hall": 1.8}


def text_size(size="laptop"):
    """A switch that enlarges every picture and control of the page at once.

    size : "laptop", "classroom" or "lecture hall", the one to start with
    """
    if size not in SIZES:
        raise ValueError(f"size: expected one of {list(SIZES)}, got {size!r}")
    switch = widgets.ToggleButtons(
        options=list(SIZES),
        value=size,
        description="text size",
        style={"description_width": "auto", "button_width": "auto"},
    )
    rule = widgets.HTML()

    def follow(_=None):
        """Set the scale that all styles of the page multiply by."""
        rule.value = STYLE + f"<style>:root {{ --lstm-scale: {SIZES[switch.value]:g} }}</style>"

    follow()
    switch.observe(follow, "value")
    return _TextSize([switch, rule])


class _TextSize(widgets.VBox):
    """The switch; on a page without a kernel it leaves a plain sentence."""

    def __init__(self, children):
        super().__init__(children)
        self.add_class("lstm")

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = "Text size: " + " · ".join(SIZES) + " (a switch, where a kernel runs)"
        return bundle
