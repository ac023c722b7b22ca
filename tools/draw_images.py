"""Draw images/ with lstm_lib: an SVG and a PNG of each. Running it twice changes nothing."""

from pathlib import Path

from png import fingerprint, made_from, png_of
from rooms_svg import rooms_svg

from lstm_lib.explore import ForgetComputed
from lstm_lib.views.cell_parts_svg import cell_parts_svg, rnn_beside_lstm_svg, unrolled_svg
from lstm_lib.views.way_back_svg import way_back_svg

IMAGES = Path(__file__).resolve().parent.parent / "images"


def pictures():
    """Every image by name, as SVG text."""
    return {
        "architecture": unrolled_svg(),
        "components": cell_parts_svg(),
        "forget_gate": ForgetComputed().svg,
        "input_gate": cell_parts_svg("i"),
        "output_gate": cell_parts_svg("o"),
        "rnn_and_lstm": rnn_beside_lstm_svg(),
        "rooms": rooms_svg(),
        "way_back": way_back_svg(),
    }


def main():
    """Write what has changed."""
    for name, svg in pictures().items():
        svg += "\n"
        text, png = IMAGES / f"{name}.svg", IMAGES / f"{name}.png"
        if not text.exists() or text.read_text(encoding="utf-8") != svg:
            text.write_text(svg, encoding="utf-8", newline="\n")
            print(f"drew {text.name}")
        if not png.exists() or made_from(png.read_bytes()) != fingerprint(svg):
            png.write_bytes(png_of(svg))
            print(f"drew {png.name}")


if __name__ == "__main__":
    main()
