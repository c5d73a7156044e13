"""How well the trade path forecasts: rolling origins, beside simpler rules.

`python docs/derivations/trade_origins.py` prints the tables and puts them into docs/model.md
(the first) and docs/trade.md.

From every origin 2006-2022 trade is forecast one to five years ahead with nothing known after the origin but what the
row says. The parameters are those of the package, not re-estimated at each origin.
"""

import itertools
from collections.abc import Callable

import model_page
import numpy as np
import scoringrules
import trade_ensemble as ensemble
from trade_ensemble import AHEAD, Effects
from trade_page import put_into_page

from sim.facts.trade import load_trade_facts
from sim.facts.trade_panel import TradePanel, trade_panel

ORIGINS = range(2006, 2023)
CORE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
AXIS = "KAZ-UZB"
GROUPS = (AXIS, "intra-regional", "other nine")
MEMBERS = 400
# Of an origin's index: members' log trade of every core dyad and year ahead, and of the total if the rule has its own.
Rule = Callable[[int], tuple[np.ndarray, np.ndarray | None]]
Cases = dict[str, list[tuple[np.ndarray, float]]]


def core_dyads(panel: TradePanel) -> list[int]:
    """Indices of the ten dyads of the five states, KAZ-UZB first."""
    names = ["-".join(ends) for ends in itertools.combinations(CORE, 2)]
    return [panel.pair(name) for name in sorted(names, key=lambda name: name != AXIS)]


def cases(panel: TradePanel, rule: Rule) -> Cases:
    """Every forecast with what came true, in log points; a dyad counts if both years have figures.

    Returns
    -------
    group -> list of (members' forecasts, truth)
    """
    found: Cases = {group: [] for group in GROUPS}
    truth = np.log(panel.trade_usd[core_dyads(panel)])
    for origin in ORIGINS:
        start = int(np.flatnonzero(panel.years == origin)[0])
        members, total = rule(start)
        for ahead in range(1, AHEAD + 1):
            if origin + ahead > 2023:
                continue
            then = truth[:, start + ahead]
            known = np.isfinite(truth[:, start]) & np.isfinite(then)
            for p in np.flatnonzero(known):
                found[AXIS if p == 0 else "other nine"].append((members[:, p, ahead - 1], then[p]))
            added = np.log(np.exp(members[:, known, ahead - 1]).sum(axis=1))
            if total is not None:
                added = total[:, ahead - 1] + np.log(np.exp(truth[known, start]).sum())
            found["intra-regional"].append((added, np.log(np.exp(then[known]).sum())))
    return found


def scores(found: Cases) -> list[float]:
    """RMSE of the median, CRPS and coverage of the 80 % band of each group, in the order of `GROUPS`."""
    row = []
    for group in GROUPS:
        members = np.array([members for members, _ in found[group]])
        truth = np.array([truth for _, truth in found[group]])
        low, middle, high = np.quantile(members, [0.1, 0.5, 0.9], axis=1)
        row.append(float(np.sqrt(np.mean((truth - middle) ** 2))))
        row.append(float(np.mean(scoringrules.crps_ensemble(truth, members))))
        row.append(float(np.mean((low <= truth) & (truth <= high))))
    return row


def random_walk(panel: TradePanel, with_drift: bool) -> Rule:
    """Trade stays where it is, or goes on growing as it did; with the spread of yearly changes so far.

    KAZ-UZB, the other nine (pooled) and the total each have their own spread.
    """
    record = np.log(panel.trade_usd[core_dyads(panel)])
    both = np.isfinite(record[:, 1:]) & np.isfinite(record[:, :-1])
    before = np.where(both, np.exp(record[:, :-1]), 0.0).sum(axis=0)
    after = np.where(both, np.exp(record[:, 1:]), 0.0).sum(axis=0)
    # Until KAZ-UZB is known a handful of small dyads would pass for the region.
    growth = np.where(both[0], after / np.where(both[0], before, 1.0), np.nan)
    changes = np.vstack([np.diff(record, axis=1), np.log(growth)])
    n = len(record)

    def rule(start: int) -> tuple[np.ndarray, np.ndarray]:
        normals = np.random.default_rng(11).standard_normal((MEMBERS, n + 1, AHEAD))
        past = changes[:, :start]
        moved = np.empty(normals.shape)
        for p in range(n + 1):
            alike = past[p] if p in (0, n) else past[1:n]
            drift = np.nanmean(past[p]) if with_drift and np.isfinite(past[p]).any() else 0.0
            moved[:, p] = np.cumsum(drift + np.nanstd(alike) * normals[:, p], axis=1)
        return record[:, start, None] + moved[:, :n], moved[:, n]

    return rule


def path_rule(panel: TradePanel, effects: Effects, **choices) -> Rule:
    """The path, with sizes known or forecast; see `trade_ensemble.simulate`."""
    members = ensemble.simulate(panel, load_trade_facts(), effects, ORIGINS, MEMBERS, **choices)
    dyads = core_dyads(panel)
    return lambda start: (members[start][:, dyads], None)


def forecast_rows(panel: TradePanel) -> list[tuple[str, list[float]]]:
    """Scores of the path and of simpler rules."""
    default = ensemble.default_effects()
    frozen = default._replace(persistence=1.0, passage=0.0, closed=0.0)
    rules = {
        "random walk": random_walk(panel, with_drift=False),
        "random walk with drift": random_walk(panel, with_drift=True),
        "gravity, costs frozen, sizes known": path_rule(panel, frozen),
        "**path, sizes and borders known**": path_rule(panel, default),
        "path, sizes forecast, borders known": path_rule(panel, default, sizes_known=False),
        "path, sizes forecast, borders held": path_rule(panel, default, sizes_known=False, borders_known=False),
    }
    return [(name, scores(cases(panel, rule))) for name, rule in rules.items()]


def term_rows(panel: TradePanel) -> list[tuple[str, list[float]]]:
    """Scores with one thing changed at a time."""
    default = ensemble.default_effects()
    changed = {
        "**as shipped**": default,
        "without passage": default._replace(passage=0.0),
        "without closure": default._replace(closed=0.0),
        "depth 0.15": default._replace(depth=0.15),
        "depth −0.15": default._replace(depth=-0.15),
        "documented tariffs 0.3": default._replace(documented_tariff=0.3),
        "residual kept for good": default._replace(persistence=1.0),
        "residual 0.8": default._replace(persistence=0.8),
        "size elasticity 0.6": default._replace(size=0.6),
        "size elasticity 1.0": default._replace(size=1.0),
    }
    return [(name, scores(cases(panel, path_rule(panel, effects)))) for name, effects in changed.items()]


def turning_points(panel: TradePanel) -> list[str]:
    """KAZ-UZB in the years of the fall and of the peak, beside what the path would have said two years before."""
    members = ensemble.simulate(panel, load_trade_facts(), ensemble.default_effects(), ORIGINS, MEMBERS)
    axis = panel.pair(AXIS)
    lines = ["| year | documented | forecast two years before | 80 % band |", "|---|---|---|---|"]
    for year in range(2013, 2024):
        k = int(np.flatnonzero(panel.years == year)[0])
        low, middle, high = np.quantile(np.exp(members[k - 2][:, axis, 1]) * panel.deflator[k] / 1e9, [0.1, 0.5, 0.9])
        value = panel.trade_usd[axis, k] * panel.deflator[k] / 1e9
        mark = "" if low <= value <= high else " (outside)"
        lines.append(f"| {year} | {value:.2f}{mark} | {middle:.2f} | {low:.2f} to {high:.2f} |")
    return lines


def table(rows: list[tuple[str, list[float]]], first: str) -> list[str]:
    """Rows of scores as a Markdown table."""
    head = "".join(f" {group}: RMSE | CRPS | in 80 % band |" for group in GROUPS)
    lines = [f"| {first} |{head}", "|---" * 10 + "|"]
    for name, row in rows:
        cells = [f"{value:.0%}" if k % 3 == 2 else f"{value:.3f}" for k, value in enumerate(row)]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    panel = trade_panel(load_trade_facts())
    model_page.put_into_page("origins", table(forecast_rows(panel), "rule"))
    blocks = {
        "terms": table(term_rows(panel), "path"),
        "turning points": turning_points(panel),
    }
    for mark, lines in blocks.items():
        put_into_page(mark, lines)


if __name__ == "__main__":
    main()
