"""Conflict in a free run from 1992 beside the record: counts with 80 % bands, and the joint pattern of KGZ and TJK.

python docs/derivations/conflict_free_run.py [members] [key=value ...]

The joint pattern is three or more KGZ-TJK clashes in 2021–22 and their whole border settled by the end of 2025. It is
also counted with ripeness and the regional process switched on, each at one standard deviation of its prior and at two.
"""

import sys
from pathlib import Path

import numpy as np
from pages import WATER, put_into_page

from sim import __version__
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.outcomes import probability
from sim.plots import colours, style
from sim.scenario import load_scenario

PICTURES = Path(__file__).parents[1] / "pictures"

FRICTIONS = ("closure", "verbal", "standoff")
COUNTS = {  # title: kinds, first and last year, pair or None, number on record
    "frictions 1992–2025": (FRICTIONS, 1992, 2025, None, 36),
    "disputes 1992–2025, reported or not": (("dispute",), 1992, 2025, None, 53),  # 29 on record: docs/water.md
    "clashes 2010–2025": (("clash",), 2010, 2025, None, 18),
    "clashes KGZ-TJK 2010–2025": (("clash",), 2010, 2025, ("KGZ", "TJK"), 12),
    "clashes KGZ-UZB 2010–2025": (("clash",), 2010, 2025, ("KGZ", "UZB"), 6),
    "clashes TJK-UZB 2010–2025": (("clash",), 2010, 2025, ("TJK", "UZB"), 0),
    "settlements 1992–2025": (("settlement",), 1992, 2025, None, 10),
    "settlements 2000–2002": (("settlement",), 2000, 2002, None, 6),
    "settlements 2017–2025": (("settlement",), 2017, 2025, None, 4),
}
VARIANTS = {
    "as in the baseline": (),
    "ripeness 1": ("parameters.borders.settle_ripe=1.0",),
    "ripeness 2": ("parameters.borders.settle_ripe=2.0",),
    "regional process 1": ("parameters.borders.settle_process=1.0",),
    "ripeness 2 and process 1": ("parameters.borders.settle_ripe=2.0", "parameters.borders.settle_process=1.0"),
    "clashes do not repeat": ("parameters.borders.clash_repeat=0.0",),
    "steadier years (frailty 2)": ("parameters.borders.frailty=2.0",),
}


def run(members: int, settings=()):
    """World and block of a free run."""
    world = build_world(load_scenario("free-run", settings), load_facts())
    return world, simulate_members(world, 0, members)


def chosen(world, events, kinds, first: int, last: int, pair=None) -> np.ndarray:
    """Events of these kinds and years; of one pair of states, or among states only."""
    codes = [world.event_kinds.index(kind) for kind in kinds]
    keep = np.isin(events["kind"], codes) & (events["month"] >= first * 12) & (events["month"] < last * 12 + 12)
    keep &= events["b"] >= 0
    if pair:
        a, b = sorted(world.states.index(name) for name in pair)
        keep &= (np.minimum(events["a"], events["b"]) == a) & (np.maximum(events["a"], events["b"]) == b)
    return events[keep]


def counts(world, block, kinds, first, last, pair=None) -> np.ndarray:
    """Number of such events of each member."""
    return np.bincount(chosen(world, block.events, kinds, first, last, pair)["member"], minlength=len(block.members))


def still_open(world, block, pair, year: int) -> np.ndarray:
    """Whether the border of a pair is not settled as a whole before a year, by member."""
    settled = chosen(world, block.events, ("settlement",), 1992, year - 1, pair)
    return ~np.isin(np.arange(len(block.members)), settled["member"][settled["value"] > 0.999])


def joint_pattern(world, block) -> tuple[float, float, float]:
    """Shares of members with the clashes, with the settlement, and with both."""
    clashes = counts(world, block, ("clash",), 2021, 2022, ("KGZ", "TJK")) >= 3
    whole = chosen(world, block.events, ("settlement",), 1992, 2025, ("KGZ", "TJK"))
    first = np.full(len(block.members), np.inf)
    np.minimum.at(first, whole["member"][whole["value"] > 0.999], whole["month"][whole["value"] > 0.999])
    settled = (first >= 2023 * 12) & np.isfinite(first)
    return clashes.mean(), settled.mean(), (clashes & settled).mean()


def main() -> None:
    """Print both tables and put them into docs/water.md."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    world, block = run(members, sys.argv[2:])
    lines = ["| | record | median (80 %) | mean | record in the band |", "|---" * 5 + "|"]
    everybody, open_still = slice(None), still_open(world, block, ("KGZ", "TJK"), 2017)
    rows = [(title, row, everybody) for title, row in COUNTS.items()]
    where = f"the same in the {100 * open_still.mean():.0f} % of histories with that border open in 2017"
    rows.insert(4, (where, COUNTS["clashes KGZ-TJK 2010–2025"], open_still))
    for title, (kinds, first, last, pair, record), members_ in rows:
        found = counts(world, block, kinds, first, last, pair)[members_]
        low, middle, high = np.quantile(found, (0.1, 0.5, 0.9))
        inside = "inside" if low <= record <= high else "**outside**"
        lines.append(f"| {title} | {record} | {middle:.0f} ({low:.0f} to {high:.0f}) | {found.mean():.1f} | {inside} |")
    put_into_page(WATER, "conflict counts", [f"{members:,} members.", "", *lines])
    lines = ["| | clashes | settlement | both |", "|---" * 4 + "|"]
    found = {}
    for title, settings in VARIANTS.items():
        shares = found[title] = joint_pattern(*run(members, (*settings, *sys.argv[2:])))
        lines.append(f"| {title} | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |")
    put_into_page(WATER, "joint pattern", [f"{members:,} members.", "", *lines])
    draw(found, members)


def draw(found: dict[str, tuple[float, float, float]], members: int) -> None:
    """The joint pattern of every variant with its interval, beside what independence of its halves would give."""
    with style.styled():
        most = max(found.values(), key=lambda shares: shares[2])
        sheet = style.Sheet(
            1.75,
            "Three clashes of Kyrgyzstan and Tajikistan in 2021–22, and their border settled in 2023–25",
            f"On record: yes.  At most {100 * most[2]:.1f} % of the histories have both.",
            f"Share of {members:,} histories from 1992 with both, and its 95 % interval.",
            f"Source: casim {__version__}, docs/derivations/conflict_free_run.py",
        )
        axes = sheet.place(1.7, 0.05, 5.0, 1.3)
        for row, (clashes, settled, both) in enumerate(found.values()):
            chance = probability(round(both * members), members)
            axes.plot([100 * chance.low, 100 * chance.high], [row, row], color=colours.BANDS[80], linewidth=4)
            style.put(axes, _dot(), 100 * both, row)
            style.put(axes, _bar(), 100 * clashes * settled, row)
        axes.set_yticks(range(len(found)), list(found))
        axes.invert_yaxis()
        axes.set_xlim(left=0)
        axes.set_xlabel("histories with both, %")
        sheet.key({"simulated": _dot(), "if clashes and settlement were independent": _bar()})
        sheet.figure.savefig(PICTURES / "joint-pattern.png", dpi=160)


def _dot():
    return style.mark("o", 4, colours.MEDIAN, colours.MEDIAN)


def _bar():
    return style.mark("|", 9, colours.INK, colours.INK)


if __name__ == "__main__":
    main()
