"""Run notebooks in a fresh kernel and store their outputs, the same on every run.

    python tools/refresh_notebooks.py [notebook …]       all notebooks if none is named

Model ids, timings, widget state and versions are removed, since they change from run to run. Each SVG
output also gets a PNG, for viewers that refuse SVG. Attachments are taken from images/.
If a cell fails, the notebook is not written.
"""

import base64
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from png import fingerprint, made_from, png_of

ROOT = Path(__file__).resolve().parent.parent
WIDGET = "application/vnd.jupyter.widget-view+json"


def main(names):
    """Refresh the named notebooks, or all; whether one failed."""
    paths = [Path(name) for name in names] or sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    failed = False
    for path in paths:
        before = path.read_text(encoding="utf-8")
        old = nbformat.reads(before, as_version=4)
        new = nbformat.reads(before, as_version=4)
        try:
            client = NotebookClient(new, kernel_name="python3", timeout=300, coalesce_streams=True,
                                    resources={"metadata": {"path": str(path.parent)}})  # fmt: skip
            client.execute()
        except CellExecutionError as error:
            print(f"{path.name}: a cell failed, nothing written\n{error}", file=sys.stderr)
            failed = True
            continue
        tidy(new, drawn(old))
        after = nbformat.writes(new) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
        print(f"{path.name}: {'refreshed' if after != before else 'unchanged'}")
    return failed


def drawn(nb):
    """{fingerprint of the SVG: PNG} of a notebook's outputs."""
    found = {}
    for output in outputs(nb):
        if png := output.get("data", {}).get("image/png"):
            found[made_from(base64.b64decode(png))] = png
    return found


def tidy(nb, pngs):
    """Remove what varies between runs, add PNGs and attachments."""
    nb.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict(
            {k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")}
        )
        if cell.cell_type == "markdown":
            attach(cell)
    for output in outputs(nb):
        data = output.get("data", {})
        data.pop(WIDGET, None)
        if svg := data.get("image/svg+xml"):
            png = pngs.get(fingerprint(svg)) or base64.b64encode(png_of(svg)).decode()
            data["image/png"] = png
            output.metadata = nbformat.from_dict({"image/png": {"width": 640}})


def attach(cell):
    """Attach to a markdown cell the pictures of images/ that it refers to."""
    names = re.findall(r"\(attachment:([\w.-]+)\)", cell.source)
    cell.pop("attachments", None)
    if names:
        cell["attachments"] = {
            name: {"image/png": base64.b64encode((ROOT / "images" / name).read_bytes()).decode()}
            for name in names
        }


def outputs(nb):
    """All outputs of a notebook."""
    return [o for cell in nb.cells if cell.cell_type == "code" for o in cell.get("outputs", [])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
