"""The time of a new interpreter that imports lstm_lib, and of one that imports numpy: `python benchmarks/import_time.py`."""

import subprocess
import sys
from functools import partial

from side_by_side import medians


def main():
    """Print both."""
    arms = {
        module: partial(subprocess.run, [sys.executable, "-c", f"import {module}"], check=True)
        for module in ("numpy", "lstm_lib")
    }
    found = medians(arms, 15)
    print(*(f"{module}: {spent:.0f} ms" for module, spent in found.items()), sep="\n")
    print(f"difference: {found['lstm_lib'] - found['numpy']:.0f} ms")


if __name__ == "__main__":
    main()
