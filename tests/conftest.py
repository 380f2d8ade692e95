"""For all tests: one thread, as toy networks are slower with more, above all on a busy machine."""

import os
import sys
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"

# `python -m pytest` does this itself, `pytest` does not.
sys.path.insert(0, str(Path(__file__).parent.parent))
