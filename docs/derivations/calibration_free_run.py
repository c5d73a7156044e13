"""A free run from 1992 with the shipped calibration and without one, beside the record: a table of docs/calibration.md.

python docs/derivations/calibration_free_run.py [members]
"""

import sys

import numpy as np
from pages import CALIBRATION, put_into_page

from sim.engine.event_types import CODE
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario

ACCORD = "friendship-2022"


class Past:
    """What one variant of the free run came to, (member,) each."""

    def __init__(self, settings: tuple[str, ...], members: int):
        self.world = build_world(load_scenario("free-run", ["run.end=2025-12-31", *settings]), load_facts())
        self.block = simulate_members(self.world, 0, members)
        self.members = members

    def count(self, kind: str, first: int, last: int, subject: int | None = None, pair: tuple = ()) -> np.ndarray:
        """Events of a kind from the first to the last year."""
        events = self.block.events
        mine = (events["kind"] == CODE[kind]) & (events["month"] // 12 >= first) & (events["month"] // 12 <= last)
        if subject is not None:
            mine &= events["subject"] == subject
        if pair:
            a, b = (self.world.states.index(state) for state in pair)
            mine &= (events["a"] == a) & (events["b"] == b)
        return np.bincount(events["member"][mine], minlength=self.members)

    def signed(self, state: str) -> np.ndarray:
        """Whether a state signed or joined the accord by June 2025."""
        accord, i = [a.id for a in self.world.accords].index(ACCORD), self.world.states.index(state)
        events = self.block.events
        mine = np.isin(events["kind"], [CODE["signature"], CODE["accession"]]) & (events["subject"] == accord)
        mine &= (events["a"] == i) & (events["month"] < 2025 * 12 + 6)
        return np.bincount(events["member"][mine], minlength=self.members) > 0

    def settled(self, year: int) -> np.ndarray:
        """Share of the length of borders that is settled at the end of a year."""
        return self.block.yearly["borders_settled"][:, self.world.years.index(year)]


def rows(past: Past) -> list[str]:
    """One cell a question."""
    partners, allies = past.count("rung", 2017, 2021, 2), past.count("rung", 2022, 2025, 3)
    clashes, pair = past.count("clash", 2021, 2022, pair=("KGZ", "TJK")), ("KGZ", "TJK")
    border = past.count("settlement", 2023, 2025, pair=pair) > 0
    empty = past.count("summit", 2010, 2017, _process(past)) == 0
    full = past.count("summit", 2018, 2024, _process(past)) >= 5
    absorbed = past.count("format-ends", 2003, 2008) > 0
    aside = ~past.signed("TJK") & ~past.signed("TKM")
    with_others = aside & past.signed("KAZ") & past.signed("KGZ") & past.signed("UZB")
    return [
        _band(partners),
        _share(partners >= 7),
        _band(allies),
        _share(allies >= 4),
        _share((partners >= 7) & (allies >= 4)),
        _band(100 * past.settled(2024), " %"),
        _band(past.count("clash", 2010, 2025)),
        _share((clashes >= 3) & border),
        _share(empty & full),
        _share(absorbed),
        _share(aside),
        _share(with_others),
    ]


def _process(past: Past) -> int:
    formats = past.world.inputs.formats
    return int(np.flatnonzero((formats.regional == 1) & (formats.simulated_from < 10**6))[0])


def _band(values: np.ndarray, unit: str = "") -> str:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"{middle:.0f}{unit} ({low:.0f}-{high:.0f})"


def _share(came: np.ndarray) -> str:
    return f"{came.mean():.3f}"


QUESTIONS = (
    ("partnerships 2017–21, median (80 %)", "7"),
    ("at least 7 partnerships in 2017–21", "yes"),
    ("alliances 2022–25, median (80 %)", "4"),
    ("at least 4 alliances in 2022–25", "yes"),
    ("both", "yes"),
    ("share of borders settled by the end of 2024, median (80 %)", "89 %"),
    ("clashes 2010–25, median (80 %)", "7"),
    ("three clashes of KGZ and TJK in 2021–22, border settled in 2023–25", "yes"),
    ("no regional summit in 2010–17, five or more in 2018–24", "yes"),
    ("the regional format ends in 2003-08, as the Central Asian Union did in 2005", "yes"),
    ("TJK and TKM have not signed the friendship accord by mid-2025", "yes"),
    ("and KAZ, KGZ and UZB have", "yes"),
)


def main() -> None:
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    without, with_it = (rows(Past(settings, members)) for settings in (("calibration.use=none",), ()))
    lines = [f"| {members:,} members | record | independent draws | calibration |", "|---|---|---|---|"]
    lines += [f"| {ask} | {seen} | {a} | {b} |" for (ask, seen), a, b in zip(QUESTIONS, without, with_it, strict=True)]
    put_into_page(CALIBRATION, "free run", lines)


if __name__ == "__main__":
    main()
