"""SVG text to PNG bytes: the same on every machine, and each PNG says which SVG it was made from."""

import hashlib
import io
from pathlib import Path

import matplotlib
import resvg_py
from PIL import Image, PngImagePlugin

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
MADE_FROM = "svg-sha256"


def png_of(svg, zoom=1.75):
    """Draw `svg` with the fonts that come with matplotlib; 200 colours keep notebooks small."""
    raw = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
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
    """What a PNG carries to say which SVG it shows."""
    return hashlib.sha256(svg.encode()).hexdigest()


def made_from(png):
    """The fingerprint a PNG carries, or None."""
    return Image.open(io.BytesIO(png)).info.get(MADE_FROM)
