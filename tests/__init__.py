"""Tests of everything, in rooms as the code has them."""

import os

# Threads of BLAS wait for each other by counting: where all processors are busy with tests, small
# products take three times as long with two threads as with one. Workers of spiralcore have one
# thread each anyway. It counts for all that tests start, and for libraries that are loaded later.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
