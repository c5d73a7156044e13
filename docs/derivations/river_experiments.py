"""What canals, dams and release decisions do to deliveries, without chance or politics: the tables of docs/water.md.

python docs/derivations/river_experiments.py
"""

import numpy as np
import river_targets as targets
from river_runs import run

from sim.facts import Rivers, load_rivers
from sim.processes.rivers.inflow import factor_of

FIRST, LAST, SETTLED = 2025 * 12, 2044 * 12 + 11, 5  # twenty years, the first five left out
RECENT_AMU = 0.86
SERIES = 12
STATES = ("TJK", "UZB", "TKM")


def varied_years(rivers: Rivers, draw: int = 1) -> dict[tuple[int, str], float]:
    """Twenty years that vary as the groups do, independently; the same in every experiment of the same draw."""
    random, factors = np.random.default_rng(draw), {}
    for year in range(FIRST // 12, LAST // 12 + 1):
        for name in ("naryn", "syr", "vakhsh", "amu"):
            factor = factor_of(random.normal(), rivers.number("group:" + name, "variation"))
            factors[year, name] = factor * (RECENT_AMU if name == "amu" else 1.0)
    return factors


def amu_deliveries(rivers: Rivers, history, first: int = SETTLED, last: int = 20) -> dict[str, np.ndarray]:
    """State -> deliveries from the Amu Darya by calendar month, km3 a year in the mean of the years first..last-1."""
    found = {}
    for state in STATES:
        users = [node.id for node in rivers.of_kind("demand") if state in node.states and node.river == "Amu Darya"]
        found[state] = history.users("delivered", *users).reshape(-1, 12)[first:last].mean(axis=0)
    return found


def canal(rivers: Rivers) -> None:
    """Losses of deliveries to the Qosh Tepa canal in its published definitions."""
    factors = varied_years(rivers)
    base = amu_deliveries(rivers, run(rivers, FIRST, LAST, factors, targets.START))
    cases = [("4.25 km3 a year", 4.25, 0.0), ("8.8 km3 a year", 8.8, 0.0), ("10 km3 a year", 10.0, 0.0)]
    cases.append(("15 % of the flow", 0.0, 0.15))
    for title, amount, share in cases:
        with_canal = run(
            rivers, FIRST, LAST, factors, targets.START, diverted={"d_afg_qosh_tepa": amount}, share_diverted=share
        )
        after = amu_deliveries(rivers, with_canal)
        losses = [f"{100 * (1 - after[state].sum() / base[state].sum()):.1f}" for state in STATES]
        taken = with_canal.users("delivered", "d_afg_qosh_tepa").reshape(-1, 12)[SETTLED:].sum(axis=1).mean()
        print(f"| {title} | {taken:.1f} | {' | '.join(losses)} |")
        for state in ("UZB", "TKM"):
            monthly = 100 * (1 - after[state] / base[state])
            print(f"|   {state} by month, % | " + " | ".join(f"{value:.0f}" for value in monthly) + " |")


def filling(rivers: Rivers) -> None:
    """Losses of deliveries while Rogun fills in five years, mean of several series of years."""
    opens = FIRST + 12 * SETTLED
    losses = []
    for draw in range(1, SERIES + 1):
        factors = varied_years(rivers, draw)
        without = amu_deliveries(rivers, run(rivers, FIRST, LAST, factors, targets.START), 5, 10)
        dam = run(rivers, FIRST, LAST, factors, targets.START, built={"rogun": (opens, 5)})
        losses.append([without[state].sum() - amu_deliveries(rivers, dam, 5, 10)[state].sum() for state in STATES])
    print(f"| Rogun filling, km3 a year | | {' | '.join(f'{loss:.2f}' for loss in np.mean(losses, axis=0))} |")


def volume_and_mode(rivers: Rivers) -> None:
    """Deficits on the Syr Darya, April to September of a year with 75 % of the flow, over volume and mode."""
    users = {
        "UZB Fergana": ("d_uzb_fergana",),
        "UZB all": ("d_uzb_fergana", "d_uzb_middle"),
        "KAZ": ("d_kaz_dustlik", "d_kaz_lower"),
    }
    dry = {(2030, name): 0.75 for name in ("naryn", "syr")}
    for change in (0.0, -1.5, -3.0):
        for mode in (0.0, 0.5, 1.0):
            history = run(
                rivers, 2029 * 12 + 9, 2030 * 12 + 8, dry, targets.START, volume_change=change, mode={"toktogul": mode}
            )
            cells = []
            for names in users.values():
                wanted, given = (
                    history.total(history.users(kind, *names), 2030, 4, 9) for kind in ("wanted", "delivered")
                )
                cells.append(f"{100 * (1 - given / wanted):.1f}")
            print(f"| {change:+.1f} | {mode:.1f} | {' | '.join(cells)} |")


if __name__ == "__main__":
    loaded = load_rivers()
    canal(loaded)
    filling(loaded)
    volume_and_mode(loaded)
