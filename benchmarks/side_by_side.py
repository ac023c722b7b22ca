"""Times of several functions, measured in turn within one run, so that other load on the machine affects all of them."""

import os
from statistics import median
from time import perf_counter

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # import this module before NumPy

WARM = 3


def medians(arms, repeats):
    """{name: median milliseconds} of {name: function}; the first WARM calls of each are not counted."""
    times = {name: [] for name in arms}
    for _ in range(WARM + repeats):
        for name, arm in arms.items():
            start = perf_counter()
            arm()
            times[name].append(1000 * (perf_counter() - start))
    return {name: median(found[WARM:]) for name, found in times.items()}
