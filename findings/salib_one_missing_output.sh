#!/usr/bin/env bash
# SALib 1.6.0, numpy 2.3.5: sobol.analyze on outputs of which a single one is NaN.
# Behaviour: no error; every first-order and total index of every parameter is exactly 0 with an interval of width 0.
# Output seen: whole [0.941 0.059] [0.941 0.059]; one output missing [0. 0.] [0. 0.] [0. 0.] [0. 0.]
# Why it matters here: outcomes such as the month of a treaty are missing in members in which it never comes, so an
#   analysis that hands them over unchecked reports that no parameter has any influence.
# Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check SALib==1.6.0 numpy==2.3.5
"$folder/venv/bin/python" - <<'END'
import warnings
import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sampler

warnings.simplefilter("ignore")
problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
points = sampler.sample(problem, 256, calc_second_order=False, seed=1)
outputs = 4 * points[:, 0] + points[:, 1]
whole = sobol.analyze(problem, outputs, calc_second_order=False, seed=1)
outputs[17] = np.nan
holed = sobol.analyze(problem, outputs, calc_second_order=False, seed=1)
print("whole", whole["S1"], whole["ST"])
print("one output missing", holed["S1"], holed["S1_conf"], holed["ST"], holed["ST_conf"])
assert whole["S1"][0] > 0.9
assert not np.any(np.nan_to_num(holed["S1"])) and not np.any(np.nan_to_num(holed["ST"]))
END
