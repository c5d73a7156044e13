#!/usr/bin/env bash
# ema-workbench 2.5.3 with pandas 3.0.1: PRIM on experiments that hold a column of whole numbers.
# Behaviour: Prim() raises TypeError on an int64 column; the same values as floats work.
# Output seen: floats: 25 steps; whole numbers: TypeError: Invalid value '9.5' for dtype 'int64'
# Why it matters here: the natural description of a simulated history (counts of treaties, years) is whole numbers, so
#   scenario discovery stops on tables that were fine with pandas 2.
# Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ema-workbench==2.5.3 pandas==3.0.1 numpy==2.3.5 2>/dev/null
"$folder/venv/bin/python" - <<'END'
import warnings
import numpy as np
import pandas as pd
from ema_workbench.analysis import prim

warnings.simplefilter("ignore")
rng = np.random.default_rng(1)
whole = pd.DataFrame({"treaties": rng.integers(0, 20, 500), "price": rng.random(500)})
wanted = ((whole["treaties"] > 10) & (whole["price"] > 0.5)).to_numpy()

def boxes(table):
    return len(prim.Prim(table, wanted, threshold=0.5).find_box().peeling_trajectory)

print("floats:", boxes(whole.astype(float)), "steps")
try:
    print("whole numbers:", boxes(whole), "steps")
except TypeError as error:
    print("whole numbers: TypeError:", str(error)[:100])
else:
    raise SystemExit("whole numbers work now")
END
