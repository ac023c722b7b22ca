"""The time of `import lstm_lib` compared with `import numpy`, in new interpreters.

python benchmarks/import_time.py [--runs 15]
"""

import argparse
import subprocess
import sys
from statistics import median, quantiles

MODULES = ("numpy", "lstm_lib")
CODE = """
from time import perf_counter
start = perf_counter()
import {}
print(1000 * (perf_counter() - start))
"""


def import_time(module):
    """Milliseconds to import `module` in a new interpreter."""
    command = [sys.executable, "-c", CODE.format(module)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    args = parser.parse_args()
    times = {module: [] for module in MODULES}
    for module in MODULES:
        import_time(module)  # fills the disk cache and writes the byte code
    for _ in range(args.runs):
        for module in MODULES:
            times[module].append(import_time(module))
    for module in MODULES:
        low, middle, high = quantiles(times[module], n=4)
        print(f"import {module:10} median {middle:6.1f} ms (quartiles {low:.1f} to {high:.1f})")
    print(f"difference        {median(times['lstm_lib']) - median(times['numpy']):6.1f} ms")


if __name__ == "__main__":
    main()
