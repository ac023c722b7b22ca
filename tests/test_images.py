"""images/ is what lstm_lib draws, and each PNG shows its SVG."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
spec = importlib.util.spec_from_file_location("draw_images", ROOT / "tools" / "draw_images.py")
draw_images = importlib.util.module_from_spec(spec)
spec.loader.exec_module(draw_images)

PICTURES = draw_images.pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_image_is_up_to_date(name):
    svg = (ROOT / "images" / f"{name}.svg").read_text(encoding="utf-8")
    assert svg == PICTURES[name] + "\n", "stale: run `make images`"
    png = (ROOT / "images" / f"{name}.png").read_bytes()
    assert draw_images.made_from(png) == draw_images.fingerprint(svg), "stale: run `make images`"


def test_no_image_is_left_over():
    assert {p.stem for p in (ROOT / "images").iterdir()} == set(PICTURES)
