"""Draw images/ with lstm_lib: an SVG and a PNG of each. A second run changes nothing."""

from pathlib import Path

from png import fingerprint, made_from, png_of
from rooms_svg import rooms_svg

from lstm_lib.explore import ForgetComputed
from lstm_lib.views.backward_pass_svg import backward_pass_svg
from lstm_lib.views.cell_parts_svg import cell_parts_svg, rnn_beside_lstm_svg, unrolled_svg

IMAGES = Path(__file__).resolve().parent.parent / "images"


def pictures():
    """{name: SVG text} of every image."""
    return {
        "architecture": unrolled_svg(),
        "backward_pass": backward_pass_svg(),
        "components": cell_parts_svg(),
        "forget_gate": ForgetComputed().svg,
        "input_gate": cell_parts_svg("i"),
        "output_gate": cell_parts_svg("o"),
        "rnn_and_lstm": rnn_beside_lstm_svg(),
        "rooms": rooms_svg(),
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
