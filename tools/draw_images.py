"""Draw images/ with lstm_lib. A second run changes nothing."""

from pathlib import Path

from png import fingerprint, made_from, png_of
from rooms_svg import rooms_svg

from lstm_lib.explore import ForgetComputed
from lstm_lib.views.backward_pass_svg import backward_pass_svg
from lstm_lib.views.cell_parts_svg import cell_parts_svg, rnn_beside_lstm_svg, unrolled_svg

IMAGES = Path(__file__).resolve().parent.parent / "images"


def pictures():
    """{file: SVG text} of every image; notebooks attach PNGs, documents link SVGs."""
    return {
        "architecture.png": unrolled_svg(),
        "backward_pass.png": backward_pass_svg(),
        "components.png": cell_parts_svg(),
        "forget_gate.png": ForgetComputed().svg,
        "forget_gate.svg": ForgetComputed().svg,
        "input_gate.png": cell_parts_svg("i"),
        "output_gate.png": cell_parts_svg("o"),
        "rnn_and_lstm.png": rnn_beside_lstm_svg(),
        "rooms.svg": rooms_svg(),
    }


def up_to_date(file, svg):
    """Whether the file shows this SVG."""
    if not file.exists():
        return False
    return (
        made_from(file.read_bytes()) == fingerprint(svg)
        if file.suffix == ".png"
        else file.read_bytes() == svg.encode()
    )


def main():
    """Write what has changed."""
    for name, svg in pictures().items():
        file, svg = IMAGES / name, svg + "\n"
        if not up_to_date(file, svg):
            file.write_bytes(png_of(svg) if file.suffix == ".png" else svg.encode())
            print(f"drew {name}")


if __name__ == "__main__":
    main()
