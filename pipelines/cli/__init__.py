"""The command line: one file a command."""

import os

# The products of a small model are too small to share: a second thread only waits, at the price of
# a core. numpy reads this when it is first imported, so it stands before all else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
