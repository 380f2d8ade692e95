#!/usr/bin/env bash
# One would guess: a task takes as long in a worker of a Dask cluster as it takes without the cluster, apart from
# sending it; how a worker was started changes nothing of that.
# What happens: the nanny, which starts workers unless it is told not to, sets MALLOC_TRIM_THRESHOLD_=65536 for them, so
# that memory goes back to the system. A threshold that is set also ends glibc's adapting of the others, so each
# array of 128 kB and more is mapped anew from the system, page by page, and given back when it is let go: here 65,000
# faults instead of fewer than 100 for the same 1,000 sums of arrays of 256 kB. A network that answers in NumPy, in batches
# with arrays of that size, took 1.45 times as long. `dask config` can set distributed.nanny.pre-spawn-environ otherwise; the documentation
# tells of the setting as a means against memory that stays, and not of what it costs.
# Version: distributed 2026.8.0 (and 2022.10.2, in `distributed.yaml`); Linux with glibc.
# Exits non-zero if a worker of a nanny has no more faults than one without.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check distributed==2026.8.0 numpy==2.2.6
cat > fault.py <<'PY'
import os
from importlib.metadata import version

from distributed import Client, LocalCluster


def faults():
    """Pages that a thousand sums of arrays of 256 kB had mapped, after some to warm up."""
    import resource

    import numpy as np

    array = np.ones(32_768)
    for _ in range(100):
        array + array
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(1000):
        array + array
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


if __name__ == "__main__":
    os.environ.pop("MALLOC_TRIM_THRESHOLD_", None)
    print("distributed", version("distributed"))
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(processes=True, **options) as cluster, Client(cluster) as client:
        by_nanny = client.submit(faults).result()
    with LocalCluster(processes=False, **options) as cluster, Client(cluster) as client:
        without = client.submit(faults).result()
    print(f"page faults: {by_nanny:,} with a nanny, {without:,} without")
    raise SystemExit(not by_nanny > 20 * max(without, 1000))
PY
venv/bin/python -W ignore fault.py
echo "As found: a worker maps its arrays anew each time."
