"""What holds for all tests."""

import os

# The workers and their kernels share the machine: with more than one BLAS thread each they spend their
# time waiting for one another, and a training cell of 3 seconds takes a minute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
