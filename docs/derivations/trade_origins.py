"""How well the trade path forecasts: rolling origins, beside simpler rules.

`python docs/derivations/trade_origins.py` prints the tables and puts them into docs/model.md
(the first) and docs/trade.md.

From every origin 2006-2022 trade is forecast one to five years ahead with nothing known after the origin but what the
row says. The parameters are those of the package, not re-estimated at each origin.
"""

import numpy as np
from pages import MODEL, TRADE, put_into_page

from sim.facts import load_trade_facts
from sim.facts.record import OURS
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.hindcast import trade, trade_paths
from sim.hindcast.scores import covered, crps
from sim.hindcast.trade import AXIS, GROUPS, Case, Rule
from sim.hindcast.trade_paths import Effects

ORIGINS = range(2006, 2023)
MEMBERS = 400
LEADS = (1, 2, 5, 10)


def scores(found: dict[str, list[Case]]) -> list[float]:
    """RMSE of the median, CRPS and coverage of the 80 % band of each group, in the order of `GROUPS`."""
    row = []
    for group in GROUPS:
        members = np.array([case.members for case in found[group]])
        truth = np.array([case.truth for case in found[group]])
        row.append(float(np.sqrt(np.mean((truth - np.median(members, axis=1)) ** 2))))
        row.append(float(np.mean(crps(members, truth))))
        row.append(float(np.mean(covered(members, truth, 0.8))))
    return row


def cases(panel: TradePanel, rule: Rule) -> dict[str, list[Case]]:
    """Every forecast from the origins, with what came true."""
    return trade.cases(panel, rule, ORIGINS)


def path_rule(panel: TradePanel, effects: Effects, **choices) -> Rule:
    """The path, with sizes known or forecast."""
    return trade.path_rule(panel, effects, ORIGINS, MEMBERS, **choices)


def forecast_rows(panel: TradePanel) -> list[tuple[str, list[float]]]:
    """Scores of the path and of simpler rules."""
    default = trade_paths.default_effects()
    frozen = trade_paths.frozen_gravity()
    rules = {
        "random walk": trade.random_walk(panel, False, MEMBERS),
        "random walk with drift": trade.random_walk(panel, True, MEMBERS),
        "gravity, costs frozen, sizes known": path_rule(panel, frozen),
        "**path, sizes and borders known**": path_rule(panel, default),
        "path, sizes forecast, borders known": path_rule(panel, default, sizes_known=False),
        "path, sizes forecast, borders held": path_rule(panel, default, sizes_known=False, borders_known=False),
    }
    return [(name, scores(cases(panel, rule))) for name, rule in rules.items()]


def term_rows(panel: TradePanel) -> list[tuple[str, list[float]]]:
    """Scores with one thing changed at a time."""
    default = trade_paths.default_effects()
    changed = {
        "**as shipped**": default,
        "without passage": default._replace(passage=0.0),
        "without closure": default._replace(closed=0.0),
        "depth 0.15": default._replace(depth=0.15),
        "depth −0.15": default._replace(depth=-0.15),
        "documented tariffs 0.3": default._replace(documented_tariff=0.3),
        "residual kept for good": default._replace(persistence=1.0),
        "residual 0.8": default._replace(persistence=0.8),
        "size elasticity 0.5": default._replace(size=0.5),
        "size elasticity 0.9": default._replace(size=0.9),
    }
    return [(name, scores(cases(panel, path_rule(panel, effects)))) for name, effects in changed.items()]


def by_lead(
    panel: TradePanel, effects: Effects, members: int = MEMBERS
) -> dict[str, dict[int, tuple[float, float, int]]]:
    """group -> years ahead -> coverage of the 80 % band, CRPS, forecasts: true forecasts, up to ten years ahead.

    The groups are those of the other tables, the dyads of the six, and all pairs of the record together.
    """
    trade.AHEAD = trade_paths.AHEAD = 10  # the other tables end at five
    try:
        found = trade_paths.simulate(panel, OURS, effects, ORIGINS, members, sizes_known=False, borders_known=False)
        dyads = trade.core_dyads(panel)
        groups = cases(panel, lambda start: (found[start][:, dyads], None))
    finally:
        trade.AHEAD = trade_paths.AHEAD = 5
    of_states = [p for p, (a, b) in enumerate(panel.pairs) if max(a, b) < panel.n_states]
    groups["fifteen dyads of the six"] = _pooled(panel, found, of_states)
    groups[f"all {len(panel.names)} pairs"] = _pooled(panel, found, range(len(panel.names)))
    return {name: {ahead: _scored(listed, ahead) for ahead in LEADS} for name, listed in groups.items()}


def _pooled(panel: TradePanel, found, pairs) -> list[Case]:
    """Forecasts of single pairs that have a figure at the origin and in the year forecast."""
    truth, listed = np.log(panel.trade_usd), []
    for start, members in found.items():
        for ahead in LEADS:
            if panel.years[start] + ahead > trade.last_figures(panel):
                continue
            for p in pairs:
                then, own = truth[p, start + ahead], members[:, p, ahead - 1]
                if np.isfinite([truth[p, start], then]).all() and np.isfinite(own).all():
                    listed.append(Case(own, then, int(panel.years[start]), ahead))
    return listed


def _scored(listed: list[Case], ahead: int) -> tuple[float, float, int]:
    here = [case for case in listed if case.ahead == ahead]
    members, truth = np.array([case.members for case in here]), np.array([case.truth for case in here])
    return float(np.mean(covered(members, truth, 0.8))), float(np.mean(crps(members, truth))), len(here)


def leads(panel: TradePanel) -> list[str]:
    """Coverage of the 80 % band and CRPS one, two, five and ten years ahead, a true forecast."""
    lines = ["| | 1 year | 2 years | 5 years | 10 years |", "|---|---|---|---|---|"]
    for group, scored in by_lead(panel, trade_paths.default_effects()).items():
        cells = [f"{inside:.0%}, CRPS {score:.3f} ({count})" for inside, score, count in scored.values()]
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return lines


def structures(panel: TradePanel) -> list[str]:
    """All pairs together, with one choice about the residual changed at a time."""
    default = trade_paths.default_effects()
    changed = {
        "**as shipped**": {},
        "level follows at 0.05": {"level_pace": 0.05},
        "level follows at 0.1": {"level_pace": 0.1},
        "level follows at 0.3": {"level_pace": 0.3},
        "persistence 0.75": {"persistence": 0.75},
        "residual kept for good": {"persistence": 1.0},
        "size elasticity 0.6": {"size": 0.6},
        "size elasticity 0.8": {"size": 0.8},
        "common shock 0.15": {"shock_common": 0.15},
        "other shocks 0.30": {"shock_others": 0.3},
        "other shocks 0.38": {"shock_others": 0.38},
    }
    lines = ["| residual | " + " | ".join(_years(ahead) for ahead in LEADS) + " |", "|---" * 5 + "|"]
    for name, choice in changed.items():
        scored = by_lead(panel, default._replace(**choice), 150)[f"all {len(panel.names)} pairs"]
        cells = [f"{inside:.0%}, CRPS {score:.3f}" for inside, score, _ in scored.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def sizes(panel: TradePanel) -> list[str]:
    """Volumes of GDP of all economies forecast from the same origins."""
    facts, random = load_trade_facts(), np.random.default_rng(7)
    trade_paths.AHEAD = 10
    try:
        starts = [int(np.flatnonzero(panel.years == origin)[0]) for origin in ORIGINS]
        paths = {k: [trade_paths.forecast_sizes(panel, facts, k, random) for _ in range(MEMBERS)] for k in starts}
    finally:
        trade_paths.AHEAD = 5
    lines = ["| | " + " | ".join(_years(ahead) for ahead in LEADS) + " |", "|---" * 5 + "|"]
    last, cells = int(np.flatnonzero(panel.years == trade.last_figures(panel))[0]), []
    for ahead in LEADS:
        listed = []
        for k in [k for k in starts if k + ahead <= last]:
            members, truth = np.array(paths[k])[:, ahead - 1], panel.log_volume[:, k + ahead]
            ours = np.flatnonzero(np.isfinite(truth) & np.isfinite(members).all(axis=0))
            listed += [Case(members[:, e], truth[e], int(panel.years[k]), ahead) for e in ours]
        cells.append("{:.0%}, CRPS {:.3f} ({})".format(*_scored(listed, ahead)))
    return [*lines, f"| GDP of fifteen economies | {' | '.join(cells)} |"]


def _years(ahead: int) -> str:
    return f"{ahead} year" + "s" * (ahead > 1)


def turning_points(panel: TradePanel) -> list[str]:
    """KAZ-UZB in the years of the fall and of the peak, beside what the path would have said two years before."""
    members = trade_paths.simulate(panel, OURS, trade_paths.default_effects(), ORIGINS, MEMBERS)
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
    put_into_page(MODEL, "origins", table(forecast_rows(panel), "rule"))
    blocks = {
        "leads": leads(panel),
        "structures": structures(panel),
        "sizes": sizes(panel),
        "terms": table(term_rows(panel), "path"),
        "turning points": turning_points(panel),
    }
    for mark, lines in blocks.items():
        put_into_page(TRADE, mark, lines)


if __name__ == "__main__":
    main()
