"""Scores of forecasts in words: tables that fit a terminal, and plain values for a script."""

import numpy as np

from sim.hindcast.cases import Cases, RuleScore, score_rules
from sim.hindcast.clashes import ClashCases
from sim.hindcast.ensemble_scores import mean_gain
from sim.hindcast.forecasts import Forecasts

_WIDE = 35


def all_lines(found: Forecasts) -> list[str]:
    """Every table, with what there is to know about it."""
    lines = [*_about(found), ""]
    lines += [*quantity_lines(found.passages), _passages_note(found), ""]
    if found.clashes is None:
        lines += ["clashes: no origin from 2011 on whose next twelve months are on record", ""]
    else:
        lines += [*clash_lines(found.clashes), _clash_note(found), ""]
    for cases in found.trade:
        lines += [*quantity_lines(cases), ""]
    if found.trade:
        lines[-1:] = [
            "Sizes known: knows how economies grew after the origin, so it is no forecast. Windows of "
            "neighbouring origins\noverlap; intervals over origins are too narrow for that.",
            "",
        ]
    else:
        lines += ["trade: no figures after these origins", ""]
    lines.append(
        "gain: by how much the engine is better (worse below zero), with its 90 % interval. With so few "
        "events most\nintervals hold zero, and a gain whose interval holds zero is not one."
    )
    return lines


def _about(found: Forecasts) -> list[str]:
    years, effective = list(found.effective), list(found.effective.values())
    span = f"January {years[0]}" if len(years) == 1 else f"January {years[0]} to {years[-1]}"
    number = "1 origin" if len(years) == 1 else f"{len(years)} origins"
    return [
        f"{number} ({span}), {found.members} members each; draws of the fits are "
        f"worth {min(effective):.0f} to {max(effective):.0f} independent ones"
    ]


def quantity_lines(cases: Cases) -> list[str]:
    """One line a rule."""
    over = f"90 % over {cases.clustered_by}"
    lines = [
        f"{cases.title} ({cases.unit}; {len(cases)} cases)",
        f"{'':{_WIDE}}{'CRPS':>6}{'RMSE':>6}{'gain':>7}  {over:18}in 50  80  95 %  PIT by quarters",
    ]
    for k, score in enumerate(score_rules(cases)):
        gain = " " * 27 if k == 0 else f"{score.gain[0]:7.3f}  {_interval(score.gain):18}"
        inside = "".join(f"{100 * share:4.0f}" for share in score.inside)
        pit = " ".join(f"{count:3d}" for count in score.pit)
        lines.append(f"{score.rule:{_WIDE}}{score.crps:6.3f}{score.rmse:6.3f}{gain}{inside:>13}    {pit}")
    return lines


def _interval(gain: tuple[float, float, float]) -> str:
    return f"[{gain[1]:6.3f}, {gain[2]:6.3f}]"


def clash_lines(cases: ClashCases) -> list[str]:
    """One line a rule; the gain is in nats over all cases."""
    years = np.unique(cases.year)
    lines = [
        f"clashes of the next twelve months by border section ({len(cases)} cases, {years[0]}-{years[-1]}; "
        f"{int(cases.seen.sum())} clashes)",
        f"{'':{_WIDE}}{'nats':>7}{'Brier':>7}{'CRPS':>7}{'expected':>10}{'gain':>7}  {'90 % over years':17}"
        "90 % over sections",
    ]
    ours = next(iter(cases.at_most))
    for rule in cases.at_most:
        scores = cases.log_score(rule)
        line = (
            f"{rule:{_WIDE}}{scores.sum():7.2f}{cases.brier(rule).sum():7.3f}{cases.crps(rule).sum():7.3f}"
            f"{cases.expected(rule):10.1f}"
        )
        if rule != ours:
            gains = clash_gains(cases, rule)
            line += f"{gains[0][0]:7.2f}" + "".join(f"  {f'[{low:5.2f}, {high:5.2f}]':15}" for _, low, high in gains)
        lines.append(line.rstrip())
    return lines


def clash_gains(cases: ClashCases, rule: str) -> list[tuple[float, float, float]]:
    """Gain of the engine in nats over all cases, with its interval over years and over sections."""
    ours, size = next(iter(cases.at_most)), len(cases)
    worse, better = -cases.log_score(rule), -cases.log_score(ours)
    return [
        tuple(size * value for value in mean_gain(worse, better, clusters)) for clusters in (cases.year, cases.section)
    ]


def _passages_note(found: Forecasts) -> str:
    return (
        "Times are cut at the end of the record. Origins of one dyad overlap nearly wholly: "
        f"{len(found.passages)} cases are {len(np.unique(found.passages.clusters))} dyads.\n"
        "The rival with 2016 knows beforehand that September 2016 would matter."
    )


def _clash_note(found: Forecasts) -> str:
    if found.clashes_fitted:
        return "The engine's rates of clashes are fitted on the years before each origin; its frailty is assumed."
    return (
        "The engine's rates of clashes are the table's, set with the whole record in view: its score here is not "
        "out of sample."
    )


def as_plain(found: Forecasts) -> dict:
    """All scores as plain values."""
    clashes = found.clashes
    return {
        "members": found.members,
        "origins": list(found.effective),
        "effective_draws": [round(value, 1) for value in found.effective.values()],
        "quantities": [
            {
                "title": cases.title,
                "unit": cases.unit,
                "cases": len(cases),
                "clustered_by": cases.clustered_by,
                "rules": [_plain(score) for score in score_rules(cases)],
            }
            for cases in (found.passages, *found.trade)
        ],
        "clashes": None
        if clashes is None
        else {
            "cases": len(clashes),
            "clashes": int(clashes.seen.sum()),
            "rates_fitted": found.clashes_fitted,
            "rules": [
                {
                    "rule": rule,
                    "log_score": float(clashes.log_score(rule).sum()),
                    "brier": float(clashes.brier(rule).sum()),
                    "crps": float(clashes.crps(rule).sum()),
                    "expected": clashes.expected(rule),
                    "gain_over_years": list(clash_gains(clashes, rule)[0]),
                    "gain_over_sections": list(clash_gains(clashes, rule)[1]),
                }
                for rule in clashes.at_most
            ],
        },
    }


def _plain(score: RuleScore) -> dict:
    return {
        "rule": score.rule,
        "crps": score.crps,
        "gain": list(score.gain),
        "rmse": score.rmse,
        "inside_50_80_95": list(score.inside),
        "pit_quarters": list(score.pit),
    }
