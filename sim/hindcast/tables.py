"""Scores in words, as tables that fit a terminal, and as plain values for a script."""

import numpy as np

from sim.hindcast.clashes import ClashCases
from sim.hindcast.forecasts import Forecasts
from sim.hindcast.rolling import Score, count_pit, coverage, reliable_gain
from sim.hindcast.scores import Cases, RuleScore, mean_gain, score_rules

_WIDE = 35


def score_lines(scores: list[Score], against: Score, unit: str) -> list[str]:
    """One line a score, with its gain over one of them and the interval of that gain over units.

    What was chosen with the scored steps known is marked; where that holds of all, a line says so instead.
    """
    marked = not all(score.chosen_after for score in scores)
    lines = [f"{'':32}{'nats':>8}{'a step':>8}{'Brier':>8}{'gain':>7}  90 % over {unit}"]
    for score in scores:
        gain, low, high = reliable_gain(score, against)
        spread = "" if score is against else f"  [{low:5.1f}, {high:5.1f}]"
        mark = " *" if score.chosen_after and marked else ""
        lines.append(
            f"{score.name + mark:32}{score.total:8.2f}{score.total / max(score.events, 1):8.2f}"
            f"{score.brier:8.3f}{gain:7.2f}{spread}"
        )
    lines.append(f"{scores[0].events} steps; gain over: {against.name}")
    if any(score.chosen_after for score in scores):
        lines.append(f"{'*' if marked else 'all'}: the form was chosen with these steps known")
    return lines


def averaging_line(draws: int) -> str:
    """Over what scores are averaged, and when that was decided."""
    if draws == 0:
        return "at the mode of each fit; --draws averages over its posterior"
    return f"averaged over {draws} draws of each fit, which was decided after the scores at the mode had been seen"


def coverage_line(score: Score) -> str:
    """How often the number of steps lay inside its interval."""
    shares = ", ".join(f"{coverage(score, level):.2f} of {level:.0%}" for level in (0.5, 0.8, 0.95))
    return f"steps a year inside their interval, {score.name}: {shares} ({len(score.units)} years)"


def pit_line(score: Score) -> str:
    """How the randomised probability integral transforms of the number of steps fall into quarters."""
    counts, _ = np.histogram(count_pit(score), bins=4, range=(0.0, 1.0))
    even = len(score.units) / 4
    return f"randomised PIT by quarters, {score.name}: {' '.join(map(str, counts))} ({even:g} each if calibrated)"


def year_lines(score: Score, rival: Score) -> list[str]:
    """Steps expected and seen, and the gain, unit by unit."""
    lines = [f"{'':>10}{'expected':>10}{'rival':>8}{'came':>6}{'gain':>8}"]
    for k, unit in enumerate(score.units):
        lines.append(
            f"{unit!s:>10}{score.expected[k]:10.2f}{rival.expected[k]:8.2f}{score.observed[k]:6.0f}"
            f"{score.log_score[k] - rival.log_score[k]:8.2f}"
        )
    return lines


def plain_scores(scores: list[Score]) -> list[dict]:
    """Scores as plain values for a script."""
    return [
        {
            "name": s.name,
            "title": s.title,
            "log_score": s.total,
            "per_step": s.total / max(s.events, 1),
            "brier": s.brier,
            "steps": s.events,
            "units": list(s.units),
            "log_score_by_unit": s.log_score.tolist(),
            "expected": s.expected.tolist(),
            "observed": s.observed.tolist(),
            "chosen_after": s.chosen_after,
        }
        for s in scores
    ]


def forecast_lines(found: Forecasts) -> list[str]:
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


def plain_forecasts(found: Forecasts) -> dict:
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
