"""How likely the split over a treaty was that some signed and some did not (`split.toml`), seen from its month."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

_STUDY = tomllib.loads(Path(__file__).with_name("split.toml").read_text(encoding="utf-8"))
ACCORD, SIGNED, WITHHELD = _STUDY["accord"], tuple(_STUDY["signed"]), tuple(_STUDY["withheld"])
MEMBERS = 2000
FROM = (f"run.members={MEMBERS}", f"run.branch={_STUDY['branch']}", "run.end=2025-12-31", "record.later=known")


@dataclass(frozen=True)
class Split:
    """What became of the treaty in one variant: shares of histories."""

    title: str
    at_once: float  # the three signed and the two did not, at the end of 2022
    lasting: float  # the same in June 2025
    by_state: dict[str, float]  # signed by June 2025


def is_split(columns: Any, by: float) -> np.ndarray:
    """(member,) whether the three have signed by a year fraction, and the two have not.

    Parameters
    ----------
    columns : name -> (member,) year fractions of signatures, nan if never
    """
    signed = [columns[f"signed_month.{ACCORD}.{state}"] < by for state in SIGNED]
    withheld = [~(columns[f"signed_month.{ACCORD}.{state}"] < by) for state in WITHHELD]
    return np.all(signed + withheld, axis=0)


def raised_by(columns: Any, hit: np.ndarray, most: int = 3) -> list[tuple[str, float]]:
    """Drawn parameters whose mean differs most between histories with and without, in standard deviations."""
    found = []
    if 1 < hit.sum() < hit.size - 1:
        for name in (name for name in columns if name.startswith("drawn.")):
            values = np.asarray(columns[name], dtype=float)
            if np.isfinite(values).all() and values.std() > 0:
                shift = (values[hit].mean() - values[~hit].mean()) / values.std()
                found.append((name.removeprefix("drawn."), float(shift)))
    return sorted(found, key=lambda each: -abs(each[1]))[:most]


def examine(out: Path) -> tuple[list[Split], list[tuple[str, float]], list[str]]:
    """Run every variant (what is there is not run again).

    Returns
    -------
    the variants; parameters that go with a split; per withholding state a line on what decides its answer
    """
    from sim.runs import run_scenario
    from sim.scenario import load_scenario
    from sim.why import explain_decision, parse_target

    found, drawn, lines = [], [], []
    for variant in _STUDY["variants"]:
        settings = variant["set"]
        run = run_scenario(load_scenario("baseline", (*FROM, *settings)), out / "split")
        columns = run.columns()
        by_state = {s: float((columns[f"signed_month.{ACCORD}.{s}"] < 2025.5).mean()) for s in (*SIGNED, *WITHHELD)}
        lasting = is_split(columns, 2025.5)
        found.append(Split(variant["title"], float(is_split(columns, 2023.0).mean()), float(lasting.mean()), by_state))
        if not settings:
            drawn = raised_by(columns, is_split(columns, 2023.0))
            for state in WITHHELD:
                target = parse_target(run.catalogue, state=state, instrument=ACCORD)
                lines.append(decided_by(state, explain_decision(run, target)))
    return found, drawn, lines


def decided_by(state: str, found: Any) -> str:
    """One line: the parts of the answer of a state, from the weightiest, and the chance at one summit."""
    parts = sorted(found.terms, key=lambda term: -abs(term.mean))
    said = "; ".join(f"{part.words[:1].lower()}{part.words[1:]} {part.mean:+.2f}" for part in parts[:5])
    return f"{state}: {said}; sum {sum(part.mean for part in parts):+.2f} log-odds at one summit."


def as_lines(found: Sequence[Split], drawn: Sequence[tuple[str, float]], decided: Sequence[str]) -> list[str]:
    """The section of the page."""
    first = found[0]
    states = (*SIGNED, *WITHHELD)
    independent = float(np.prod([first.by_state[s] if s in SIGNED else 1 - first.by_state[s] for s in states]))
    moved = "; ".join(f"`{name}` {shift:+.2f}" for name, shift in drawn) or "none"
    return [
        "",
        "## The split over the treaty of 2022",
        "",
        *_STUDY["opening"].split("\n"),
        f"Of {MEMBERS:,} histories that start in that month",
        f"{share(first.lasting)} take this course; at the end of 2022 {share(first.at_once)} show it.",
        f"Were the five independent of each other, their shares would multiply to {100 * independent:.1f} %.",
        "",
        f"| | split lasts to June 2025 | at the end of 2022 | {' | '.join(states)} |",
        f"|---|---|---|{'---|' * len(states)}",
        *(
            f"| {each.title} | {100 * each.lasting:.1f} % | {100 * each.at_once:.1f} % | "
            f"{' | '.join(f'{100 * each.by_state[s]:.0f} %' for s in states)} |"
            for each in found
        ),
        "",
        "The columns of states say how many histories have the signature by June 2025. What decides the answers of the",
        "two, as `casim why` reads it (means over histories, log-odds, the five weightiest parts):",
        "",
        *(f"- {line}" for line in decided),
        "",
        "Parameters whose means differ most between histories with the split at the end of 2022 and without, in",
        f"standard deviations: {moved}.",
        "",
        "So the model allows the split and does not explain it. That texts opened to the willing are signed less",
        "readily than those adopted by all is fitted to a record that holds this very treaty. Neither the border nor",
        "what a state gains comes near that readiness: only doubt of several units in both states that stayed away",
        "makes it common.",
    ]


def share(value: float) -> str:
    """A share of the histories as a number and per cent with its 95 % interval (Wilson)."""
    low, high = binomtest(round(value * MEMBERS), MEMBERS).proportion_ci(0.95, "wilson")
    return f"{round(value * MEMBERS)} ({100 * value:.1f} %; {100 * low:.2f} to {100 * high:.2f})"
