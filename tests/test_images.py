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
    assert draw_images.up_to_date(draw_images.IMAGES / name, PICTURES[name] + "\n"), (
        "stale: run `make images`"
    )


def test_no_image_is_left_over():
    assert {p.name for p in (ROOT / "images").iterdir()} == set(PICTURES)
