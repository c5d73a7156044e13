"""What the Qosh Tepa canal does in paired runs: the tables of docs/water.md on deficits and on disputes.

python docs/derivations/qosh_tepa_runs.py RESULTS [members]

runs the baseline, the commission and the six canal scenarios into the folder RESULTS (runs that are there are used)
and puts the tables into the page. Deficits are means of all members over the last ten years of the run.
"""

import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np
from pages import WATER, put_into_page

from sim.comparison import Comparison
from sim.outcomes.view import View
from sim.runs import Run, run_scenario
from sim.scenario import load_scenario

CANALS = {"qosh-tepa-4km3": "4 km³ a year", "qosh-tepa-10km3": "10 km³ a year", "qosh-tepa-15": "15 % of the flow"}
STATES = ("UZB", "TKM")
INSTITUTION = "drawn.disputes.institution"
EFFECTS = {"all drawn values": (-9, 9), "below −0.5": (-9, -0.5), "−0.5 to 0.5": (-0.5, 0.5), "above 0.5": (0.5, 9)}


def simulate(name: str, folder: Path, members: int) -> Run:
    """A scenario's run in the folder."""
    return run_scenario(load_scenario(name, [f"run.members={members}"]), folder)


def _last_years(run: Run) -> View:
    """A run read over the same last ten years as all others."""
    view = View(run)
    view.window = (2031, 2040)
    return view


def deficits(runs: dict[str, Run]) -> list[str]:
    """Deficits of the two states by month, without and with the canal, in percent."""
    lines = ["| | | year | Jan | Feb | Mar | Apr | May | Jun | Jul | Aug | Sep | Oct | Nov | Dec |", "|---" * 15 + "|"]
    for name, title in {"baseline": "baseline", **CANALS}.items():
        view = _last_years(runs[name])
        taken = view.window_mean("taken.d_afg_qosh_tepa").mean()
        for state in STATES:
            months = [f"{100 * value:.0f}" for value in view.by_calendar_month(f"deficit.{state}")["mean"]]
            year = 100 * view.window_mean(f"deficit_year.{state}").mean()
            shown = f"{title} ({taken:.1f} km³ taken)" if state == STATES[0] and taken else title
            lines.append(f"| {shown} | {state} | {year:.1f} | {' | '.join(months)} |")
    return lines


def losses(runs: dict[str, Run]) -> list[str]:
    """Deliveries lost against the baseline in percent, beside the deterministic ones and published figures."""
    lines = ["| canal | TJK | UZB | TKM | delta, km³ a year |", "|---" * 5 + "|"]
    base = _last_years(runs["baseline"])
    for name, title in CANALS.items():
        view, cells = _last_years(runs[name]), []
        for state in ("TJK", *STATES):
            before, after = (1 - each.window_mean(f"deficit_year.{state}").mean() for each in (base, view))
            cells.append(f"{100 * (1 - after / before):.1f}")
        change = (view.window_mean("flow.large_aral") - base.window_mean("flow.large_aral")).mean()
        lines.append(f"| {title} | {' | '.join(cells)} | {change:+.1f} |")
    return lines


def paired(run: Run, against: Run, outcome: str = "disputes_all") -> str:
    """Paired difference with its 95 % interval, shares of members by sign, chance that the mean rises, as cells."""
    found = Comparison(run, against, [outcome]).effects[0].paired
    error = max((found.high - found.low) / (2 * NormalDist().inv_cdf(0.975)), 1e-12)
    return (
        f"{found.theirs:.3f} | {found.value:+.4f} ({found.low:+.4f} to {found.high:+.4f}) "
        f"| {found.higher:.2f} / {found.same:.2f} / {found.lower:.2f} "
        f"| {NormalDist().cdf(found.value / error):.2f}"
    )


def disputes(runs: dict[str, Run]) -> list[str]:
    """Effects of the canals on disputes, with and without the commission."""
    heads = (
        "run",
        "against",
        "disputes a year there",
        "difference (95 %)",
        "more / equal / fewer",
        "chance that the mean rises",
    )
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    pairs = [("basin-commission", "baseline")]
    for name in CANALS:
        pairs += [(name, "baseline"), (f"{name}-basin", "basin-commission"), (f"{name}-basin", name)]
    lines += [f"| {name} | {against} | {paired(runs[name], runs[against])} |" for name, against in pairs]
    return lines


def institution(runs: dict[str, Run]) -> list[str]:
    """The effect of the commission on disputes by the effect of an institution that a member has drawn."""
    lines = ["| drawn effect of a full institution | members | " + " | ".join(CANALS.values()) + " |", "|---" * 5 + "|"]
    for title, (low, high) in EFFECTS.items():
        cells, number = [], 0
        for name in CANALS:
            with_body, without = runs[f"{name}-basin"].columns(), runs[name].columns()
            keep = (with_body[INSTITUTION] >= low) & (with_body[INSTITUTION] < high)
            change, number = (with_body["disputes_all"] - without["disputes_all"])[keep], int(keep.sum())
            half = 1.96 * change.std(ddof=1) / np.sqrt(number)
            cells.append(f"{change.mean():+.4f} ({change.mean() - half:+.4f} to {change.mean() + half:+.4f})")
        lines.append(f"| {title} | {number} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Run what is missing, print the tables and put them into the page."""
    folder, members = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    names = ["baseline", "basin-commission", *CANALS, *(f"{name}-basin" for name in CANALS)]
    runs = {name: simulate(name, folder, members) for name in names}
    tables = {
        "canal deficits": deficits,
        "canal losses": losses,
        "canal disputes": disputes,
        "institution": institution,
    }
    for mark, table in tables.items():
        put_into_page(WATER, mark, [f"{members:,} members.", "", *table(runs)])


if __name__ == "__main__":
    main()
