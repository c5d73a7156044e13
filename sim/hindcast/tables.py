"""Scores in words: tables that fit a terminal."""

import numpy as np

from sim.hindcast.counts import coverage, randomised_pit
from sim.hindcast.rolling import Score, reliable_gain


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
    counts, _ = np.histogram(randomised_pit(score), bins=4, range=(0.0, 1.0))
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


def as_plain(scores: list[Score]) -> list[dict]:
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
