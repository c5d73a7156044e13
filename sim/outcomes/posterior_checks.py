"""Checks of a calibration's free run beside the record, stored with it by docs/derivations/posterior_checks.py.

A run whose past is the record cannot show them of itself: its histories agree with the record up to the branch.
"""

import csv
from dataclasses import dataclass

from sim.facts.load import CALIBRATIONS
from sim.outcomes.view import View

BANDS = ("q2.5", "q10", "q25", "q50", "q75", "q90", "q97.5")
COLUMNS = ("check", "unit", "record", *BANDS, "at_most", "at_least", "members", "model_version", "calibration_digest")


@dataclass(frozen=True)
class Check:
    """One number of a whole history: the record's, quantiles of members, and shares of members up to and from it."""

    name: str
    unit: str
    record: float
    quantiles: dict[str, float]
    at_most: float
    at_least: float
    members: int
    model_version: str

    @property
    def inside(self) -> bool:
        """Whether the record lies inside the middle 80 % of members."""
        return self.quantiles["q10"] <= self.record <= self.quantiles["q90"]

    @property
    def exact(self) -> float:
        """Share of members with just the record's number."""
        return max(self.at_most + self.at_least - 1.0, 0.0)


def stored_checks(view: View) -> list[Check]:
    """Those of the calibration that a run draws from; none where it is not ours, or was made anew since."""
    used = view.manifest.get("calibration") or {}
    path = CALIBRATIONS / f"{used.get('name')}.checks.csv"
    if view.run.record or not path.is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["calibration_digest"] == used.get("digest")]
    return [
        Check(
            row["check"],
            row["unit"],
            float(row["record"]),
            {name: float(row[name]) for name in BANDS},
            float(row["at_most"]),
            float(row["at_least"]),
            int(row["members"]),
            row["model_version"],
        )
        for row in rows
    ]


def check_sentence(checks: list[Check]) -> str:
    """How many checks the record passes, and which it does not; empty without checks."""
    if not checks:
        return ""
    outside = [
        f"{each.name} {each.quantiles['q50']:.0f} ({each.quantiles['q10']:.0f} to {each.quantiles['q90']:.0f}), "
        f"recorded {each.record:.0f}"
        for each in checks
        if not each.inside
    ]
    start = (
        f"Left to itself from 1992, the calibrated model has the record inside its 80 % in "
        f"{len(checks) - len(outside)} of {len(checks)} checks"
    )
    said = f"{start}{'; not in: ' + '; '.join(outside) if outside else ''}."
    # of a number that is all or none in most histories a wide interval says nothing
    split = [each for each in checks if each.unit == "states"]
    return said + "".join(f"  Just {each.record:.0f} {each.name}: {100 * each.exact:.1f} %." for each in split)
