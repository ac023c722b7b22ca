"""Pictures: pure functions from traces to SVG text, and matplotlib plots on a given ax."""

from lstm_lib.views.picture import Picture, gate_comparison, kind_picture

__all__ = ["Picture", "gate_comparison", "kind_picture"]
