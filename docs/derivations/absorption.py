"""How often a power joins and absorbs a regional format, and what a free run from 1994 makes of it.

    python docs/derivations/absorption.py [MEMBERS]

computes the rates of the scenario `absorption` from the record (one joining, one absorption; Jeffreys' half added) and
puts into docs/model.md what runs from August 1994, a month after the Union first met, give beside the record with the
mechanism and with the constant hazard.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from pages import MODEL, put_into_page

from sim.facts import load_facts
from sim.model import build_world
from sim.processes.external_influence import capacity_index
from sim.processes.rivals import exposure
from sim.runs import run_scenario
from sim.scenario import load_scenario

#: Years in which a regional format lived and no outside power sat in it, and those in which one did.
ALONE = (*range(1994, 2005), *range(2018, 2024))
INSIDE = (2005,)
SHOWN = (1995, 2004, 2023)
BRANCH = "run.branch=1994-08-01"
ARMS = (("constant hazard", "free-run", (BRANCH,)), ("absorption", "absorption", ()))


def openness() -> dict[int, float]:
    """Year -> how open the five's format lay to Russia: mean of dependence x (1 - capacity)."""
    facts = load_facts()
    world = build_world(load_scenario("baseline"), facts)
    power, party = world.powers.index("RUS"), world.inputs.formats.party[0]
    known = facts.index("parameters")
    floor, ceiling = known["capacity.floor"].value, known["capacity.ceiling"].value
    found = {}
    for year in (*ALONE, *INSIDE):
        row = year - world.inputs.clock.first_year
        gdp = world.inputs.outside.gdp_per_head[row]
        capacity = np.array([capacity_index(each, floor, ceiling) for each in gdp])
        found[year] = exposure(world.inputs.outside.dependence[row, :, power], 1.0, capacity, party)
    return found


def shares(name: str, settings: tuple[str, ...], members: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Year of the first end of the regional format, ends in 2018–24, and summits in 2010–17 and 2018–24, (member,)."""
    with tempfile.TemporaryDirectory() as folder:
        run = run_scenario(load_scenario(name, (*settings, f"run.members={members}")), Path(folder))
        columns, events = run.columns(), run.events
        late = events[(events.member >= 0) & (events.kind == "format-ends") & (events.month >= 2018 * 12)]
        late = late[late.month < 2025 * 12]
        ends = np.bincount(late.member.astype(int), minlength=members)
    return (
        np.nan_to_num(columns["format_ends_month"], nan=np.inf),
        ends,
        columns["summit_count.2010-2017"],
        columns["summit_count.2018-2024"],
    )


def rates(open_to: dict[int, float]) -> tuple[float, float]:
    """Rates of joining and of absorption, per year and unit of openness: one event each and Jeffreys' half."""
    return 1.5 / sum(open_to[year] for year in ALONE), 1.5 / sum(open_to[year] for year in INSIDE)


def table(members: int, open_to: dict[int, float]) -> list[str]:
    """Lines for the page."""
    joining, ending = rates(open_to)
    lines = [
        f"Q was {', '.join(f'{open_to[year]:.3f} in {year}' for year in SHOWN)}. Rates: joining {joining:.2f}, "
        f"absorption {ending:.1f} a year times Q ({members:,} members an arm).",
        "",
        "| from 1994-08 | constant hazard | absorption | record |",
        "|---|---|---|---|",
    ]
    found = [shares(name, settings, members) for _, name, settings in ARMS]
    rows = (
        ("the format ended by the end of 2000", lambda e, n, q, b: e < 2001, "no"),
        ("ended in 2004-07", lambda e, n, q, b: (e >= 2004) & (e < 2008), "yes, 2005-10"),
        ("had not ended by 2025", lambda e, n, q, b: e >= 2025, "no"),
        ("a format ended in 2018–24", lambda e, n, q, b: n > 0, "no"),
        ("ended in 2004–07, none ended in 2018–24", lambda e, n, q, b: (e >= 2004) & (e < 2008) & (n == 0), "yes"),
        ("no summit in 2010–17, five or more in 2018–24", lambda e, n, q, b: (q == 0) & (b >= 5), "yes"),
    )
    for title, asked, record in rows:
        lines.append(f"| {title} | {' | '.join(f'{asked(*each).mean():.3f}' for each in found)} | {record} |")
    return lines


def main() -> None:
    """Print the rates and put the table into the page."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    put_into_page(MODEL, "absorption", table(members, openness()))


if __name__ == "__main__":
    main()
