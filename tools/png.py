"""SVG text to PNG bytes, the same on every machine. Each PNG contains the hash of its SVG."""

import hashlib
import io
from pathlib import Path

import matplotlib
import resvg_py
from PIL import Image, PngImagePlugin

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
MADE_FROM = "svg-sha256"


def png_of(svg):
    """The PNG of `svg`, with matplotlib's fonts; 200 colours keep notebooks small."""
    raw = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=1.75,
        skip_system_fonts=True,
        font_files=[str(FONTS / "DejaVuSans.ttf"), str(FONTS / "DejaVuSans-Bold.ttf")],
        background="#ffffff",
    )
    picture = Image.open(io.BytesIO(bytes(raw))).convert("RGB").quantize(200, dither=Image.Dither.NONE)
    info = PngImagePlugin.PngInfo()
    info.add_text(MADE_FROM, fingerprint(svg))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, pnginfo=info)
    return out.getvalue()


def fingerprint(svg):
    """The hash that is stored in the PNG of `svg`."""
    return hashlib.sha256(svg.encode()).hexdigest()


def made_from(png):
    """The fingerprint stored in a PNG, or None."""
    return Image.open(io.BytesIO(png)).info.get(MADE_FROM)
