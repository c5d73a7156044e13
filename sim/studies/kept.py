"""What casim claims keeps for later: the effect at each row of parameters, and the draws of the rows."""

import json
from collections.abc import Sequence
from pathlib import Path

from sim.studies.draws import Draws
from sim.studies.experiment import ClaimResult, Laboratory
from sim.studies.learning import Flip, flips

FILE = "effects.json"


def keep_effects(results: Sequence[ClaimResult], laboratory: Laboratory) -> Path:
    """Write the effects under the posterior, by row, and the names of the files of draws."""
    content = []
    for result in results:
        arm = next(iter(result.claim.arms.values()))
        path, _ = laboratory.draws_of(arm, "posterior", result.claim.parameters)
        for test in result.tests:
            by_row = {str(row): value for row, value in test.effects["posterior"].by_row.items()}
            content.append({"claim": result.claim.id, "test": test.test.what, "draws": path.name, "effects": by_row})
    target = laboratory.folder / FILE
    target.write_text(json.dumps(content), encoding="utf-8")
    return target


def flips_in(folder: Path) -> list[Flip]:
    """Signs that turn within the range of a parameter, in what `keep_effects` wrote to a folder."""
    from sim.scenario.calibration_file import read_calibration

    found = []
    for each in json.loads((folder / FILE).read_text("utf-8")):
        read = read_calibration(folder / "draws" / each["draws"])
        by_row = {int(row): value for row, value in each["effects"].items()}
        found += flips(each["claim"], each["test"], by_row, Draws(read.names, read.draws))
    return found
