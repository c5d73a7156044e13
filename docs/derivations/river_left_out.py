"""How the river fits do on figures they have not seen: inflows alone, rules from earlier dates, years left out.

python docs/derivations/river_left_out.py
"""

import numpy as np
import river_targets as targets
import rivers as fitting
from river_runs import run

INFLOWS = [((2022, "naryn"), 0.15), ((2025, "naryn"), 0.15)]


def rows_of(rivers, factors, aim) -> list:
    """Observed and modelled figures of an aim."""
    return aim(rivers, run(rivers, targets.FIRST, targets.LAST, factors, targets.START))


def error(rows: list, prefix: str) -> float:
    """Root mean square of the misses of figures whose names begin so."""
    return float(np.sqrt(np.mean([(model - seen) ** 2 for name, seen, model, _ in rows if name.startswith(prefix)])))


def only(aim, keep):
    """The part of an aim whose names pass a test."""
    return lambda rivers, history: [row for row in aim(rivers, history) if keep(row[0])]


def toktogul() -> None:
    """Unrecorded inflows at the mean, fitted, and the release rule learnt from 2020–21 and tried on 2023–25."""
    rivers, factors = fitting.priors()
    mean = factors | {key: 1.0 for key in ((2020, "naryn"), (2022, "naryn"), (2025, "naryn"))}
    print(f"| rule as before fitting, unrecorded inflows at the mean | {_toktogul(rivers, mean):.2f} |")
    print(f"| two inflows fitted | {_toktogul(*fitting.fit(rivers, mean, INFLOWS, (targets.toktogul,))):.2f} |")
    three = [((2020, "naryn"), 0.10), *INFLOWS]
    print(f"| three inflows fitted | {_toktogul(*fitting.fit(rivers, mean, three, (targets.toktogul,))):.2f} |")
    early = only(targets.toktogul, lambda name: " 2020" in name or " 2021" in name)
    late = only(targets.toktogul, lambda name: " 2020" not in name and " 2021" not in name)
    learnt = fitting.fit(*fitting.fit(rivers, mean, fitting.TOKTOGUL[:3], (early,)), INFLOWS, (late,))
    missed = error(rows_of(*learnt, late), "Toktogul 20")
    print(f"| rule from 2020–21, two inflows fitted, dates of 2023–25 | {missed:.2f} |")
    prior = fitting.fit(rivers, mean, INFLOWS, (late,))
    print(f"| rule as before fitting, likewise | {error(rows_of(*prior, late), 'Toktogul 20'):.2f} |")


def _toktogul(rivers, factors) -> float:
    return error(rows_of(rivers, factors, targets.toktogul), "Toktogul 20")


def nurek() -> None:
    """Each yearbook left out in turn."""
    rivers, factors = fitting.priors()
    for year in targets.YEARBOOKS:
        others = only(targets.nurek, lambda name, year=year: str(year) not in name)
        fitted = fitting.fit(rivers, factors, fitting.NUREK, (others,))
        misses = [
            f"{model - seen:+.2f}" for name, seen, model, _ in rows_of(*fitted, targets.nurek) if str(year) in name
        ]
        print(f"| Nurek {year} left out: year, April-September | {', '.join(misses)} |")


def drought() -> None:
    """Withdrawals of Tajikistan and Uzbekistan in 2022 left out: does the sharing rule place the cut?"""
    seen = only(targets.amu, lambda name: not (name.endswith("2022") and name.startswith("Amu") and "TKM" not in name))
    rivers, factors = fitting.fit(*fitting.priors(), fitting.TOKTOGUL, (targets.toktogul,))
    rivers, factors = fitting.fit(rivers, factors, fitting.NUREK, (targets.nurek,))
    rivers, factors = fitting.fit(rivers, factors, fitting.BASINS, (seen, targets.syr))
    rows = rows_of(fitting.with_reference_flows(rivers), factors, targets.amu)
    for name, found, model, _ in rows:
        if name.startswith("Amu withdrawal") and name.endswith("2022"):
            print(f"| {name}, TJK and UZB left out | {model - found:+.2f} |")


if __name__ == "__main__":
    toktogul()
    nurek()
    drought()
