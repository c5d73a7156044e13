"""Updated posteriors against refits on synthetic continuations of the record: a table of docs/calibration.md.

The engine carries the record on under a joint draw of the shipped calibration: what a member signs, breaks and settles,
and who governs, become rows such as a user would write. A posterior of the record that ships, sampled by Hamiltonian
Monte Carlo, is updated by them, and the whole record is sampled again in the same way; means are compared in standard
deviations of the refit. What the walkers of the shipped calibration say of the same record is set beside it first.

python docs/derivations/calibration_update.py [worlds [draws]]
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from pages import CALIBRATION, put_into_page

from sim.engine.event_types import CODE
from sim.facts import Event, Facts, load_facts
from sim.inference.conjugate import Share, draw_shares
from sim.inference.fit import evidence_of, made_of, summaries
from sim.inference.laplace import find_mode
from sim.inference.posterior import Posterior
from sim.inference.psis import TRUSTED
from sim.inference.sample import effective_draws, posterior_draws
from sim.inference.update import CollapsedError, update
from sim.model import World, build_world, simulate_members
from sim.scenario import load_scenario
from sim.scenario.calibration_file import Calibration, read_calibration, shipped_calibrations

ENDS = (
    date(2026, 12, 31),
    date(2030, 12, 31),
)  # of the continuations, in turn: one and a half years, or five and a half
# what the likelihood knows nothing of
STILL = ("withdrawal.rate=0", "withdrawal.organisation=0", "withdrawal.rung=0", "frictions.deficit=0")
_DIRECTED = ("verbal", "closure", "standoff")
_OF_PAIRS = ("rung", "declaration", "clash", "settlement")
_OF_STATES = ("signature", "accession", "refusal")
_NAME = {code: kind for kind, code in CODE.items()}


class Compared(NamedTuple):
    """A continuation: its rows, k-hat and effective draws of the update, and both means, (parameter,) each.

    away : updated mean less that of the refit, in standard deviations of the refit; nan where the update refused
    """

    ends: date
    rows: int
    khat: float
    effective: float
    names: tuple[str, ...]
    away: np.ndarray
    spread: np.ndarray
    refit_effective: float


def continued(facts: Facts, world: World, lines: np.ndarray) -> Facts:
    """The facts with the rows that a member's events after the branch make, up to the end of the run."""
    lines = lines[lines["month"] >= world.inputs.clock.branch]
    events, leaders = list(facts.events), list(facts.leaders)
    for number, line in enumerate(lines):
        kind = _NAME[int(line["kind"])]
        day = date(int(line["month"]) // 12, int(line["month"]) % 12 + 1, 15)
        if kind == "leader-change":
            state = world.states[line["a"]]
            leaders.append(replace(leaders[-1], state=state, name=f"New {number}", since=day, precision="month"))
        else:
            events += _row(facts, world, kind, line, f"synthetic-{number}", day)
    last = world.inputs.clock.end + 1
    ends = date(last // 12, last % 12 + 1, 1) - timedelta(days=1)
    digest = f"{facts.digest} continued by {len(events)} to {ends}"
    return replace(facts, events=tuple(events), leaders=tuple(leaders), record_ends=ends, digest=digest)


def _row(facts: Facts, world: World, kind: str, line, id_: str, day: date) -> Iterator[Event]:
    """The row of one event; none where the record has no such kind."""
    a, b, subject = int(line["a"]), int(line["b"]), int(line["subject"])
    said = {"actor": "", "target": "", "subject": "", "value": None}
    if kind in _OF_PAIRS:
        parties = tuple(sorted((world.states[a], world.states[b])))
        if kind == "rung":
            said["subject"] = next(row.id for row in facts.rungs if row.rung == subject)
        elif kind != "declaration":
            said["value"] = float(line["value"])
    elif kind in _DIRECTED:
        parties = tuple(sorted((world.states[a], world.states[b])))
        said |= {"actor": world.states[a], "target": world.states[b]}
        said["subject"] = "crossings" if kind == "closure" else ""
    elif kind in _OF_STATES:
        parties = (world.states[a],)
        said |= {"actor": world.states[a], "subject": world.accords[subject].id}
    elif kind in ("summit", "format-ends"):
        parties, said["subject"] = facts.formats[subject].parties, facts.formats[subject].id
    else:
        return
    told = {"title": "synthetic", "used": True, "source": "synthetic", "locator": id_, "confidence": "high"}
    yield Event(
        id=id_, date=day, precision="month", kind=kind, parties=parties, **said, **told, disagreement="", note=""
    )


def continuations(facts: Facts, worlds: int, seed: int = 2026) -> Iterator[Facts]:
    """The record carried on by one member after the other, in turn to each of ENDS."""
    made = {}
    for number in range(worlds):
        ends = ENDS[number % len(ENDS)]
        if ends not in made:
            settings = [f"run.end={ends}", f"run.seed={seed}", *STILL]
            made[ends] = build_world(load_scenario("baseline", settings, facts), facts)
        yield continued(facts, made[ends], simulate_members(made[ends], number, number + 1).events)


def sampled(facts: Facts, spread: np.ndarray, draws: int, seed: int) -> tuple[Posterior, tuple[Share, ...], np.ndarray]:
    """The posterior of a record, what is counted, and (draw, parameter) by Hamiltonian Monte Carlo.

    spread : (parameter, parameter) covariance that tunes the sampler, which mixes several times as fast with that of
        draws as with Laplace's; it samples the same posterior with either
    """
    posterior, shares = evidence_of(facts, "literature")
    mode = replace(find_mode(posterior), covariance=spread)
    return posterior, shares, posterior_draws(posterior, mode, np.random.default_rng([2026, seed]), draws)


def reference(ours: Facts, shipped: Calibration, draws: int) -> tuple[Calibration, list[str]]:
    """A calibration of the record that ships by Hamiltonian Monte Carlo, and lines on the shipped one beside it."""
    n = len(evidence_of(ours, "literature")[0].names)
    posterior, shares, found = sampled(ours, np.cov(shipped.draws[:, :n].T), draws, 0)
    whole = np.column_stack([found, draw_shares(shares, draws, np.random.default_rng(1))])
    rows = summaries(posterior.priors, shares, whole)
    about = made_of(ours, "literature", f"{ours.record_ends:%Y-%m}", rows, whole).about
    walkers = shipped.draws[:, :n]
    lines = ["| draws of the record that ships | balance, mean | 5-95 % of parameters | mean sd of a parameter |"]
    lines += ["|---|---|---|---|"]
    for name, x in (("walkers (emcee), as shipped", walkers), ("Hamiltonian Monte Carlo", found)):
        balance = balance_of(posterior, x)
        low, high = np.quantile(balance, [0.05, 0.95])
        ratio = np.mean(x.std(axis=0) / found.std(axis=0))
        lines.append(f"| {name} | {balance.mean():.2f} | {low:.2f}-{high:.2f} | {ratio:.2f} |")
    return Calibration(tuple(row["name"] for row in rows), whole, about, "by Hamiltonian Monte Carlo"), lines


def balance_of(posterior: Posterior, draws: np.ndarray) -> np.ndarray:
    """(parameter,) mean of (mean - x) times the slope of the log density: 1 under the posterior, less if too narrow.

    Stein's identity; it holds but for the little density that lies at the ends of ranges.
    """
    slopes = np.array([posterior.gradient(x) for x in draws])
    return ((draws.mean(axis=0) - draws) * slopes).mean(axis=0)


def compare(facts: Facts, ours: Facts, older: Calibration, draws: int, seed: int) -> Compared:
    """Update and refit one continuation."""
    rows = len(facts.events) - len(ours.events) + len(facts.leaders) - len(ours.leaders)
    try:
        updated = update("reference", older, facts)
    except CollapsedError as error:
        weights, nothing = error.weights, np.full(1, np.nan)
        return Compared(facts.record_ends, rows, weights.khat, weights.effective, (), nothing, nothing, 0.0)
    found = updated.draws[:, : len(evidence_of(facts, "literature")[0].names)]
    posterior, _, refit = sampled(facts, np.cov(found.T), draws, seed)
    about = updated.about["diagnostics"]
    return Compared(
        facts.record_ends,
        rows,
        about["khat"],
        about["effective_draws"],
        posterior.names,
        (found.mean(axis=0) - refit.mean(axis=0)) / refit.std(axis=0),
        found.std(axis=0) / refit.std(axis=0),
        effective_draws(refit),
    )


def table(found: list[Compared]) -> list[str]:
    """A row a continuation."""
    lines = [
        "| record to | rows added | k̂ | draws worth | update | largest difference of means, sd | median | "
        "ratio of sd, 5-95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        begin = f"| {each.ends:%B %Y} | {each.rows} | {each.khat:.2f} | {each.effective:.0f} |"
        if np.isnan(each.away).any():
            lines.append(f"{begin} refused | | | |")
            continue
        away, low, high = np.abs(each.away), *np.quantile(each.spread, [0.05, 0.95])
        worst = each.names[int(np.argmax(away))]
        lines.append(f"{begin} written | {away.max():.2f} ({worst}) | {np.median(away):.2f} | {low:.2f}-{high:.2f} |")
    kept = [each for each in found if each.khat < TRUSTED and not np.isnan(each.away).any()]
    most = max(float(np.abs(each.away).max()) for each in kept) if kept else float("nan")
    lines += [
        "",
        f"{len(kept)} of {len(found)} updates were written; the largest difference among them is {most:.2f} sd.",
    ]
    return lines


def main() -> None:
    """Compare, print, and write the table into the page."""
    worlds, draws = (int(text) for text in (*sys.argv[1:], *("10", "1000")[len(sys.argv) - 1 :]))
    ours, found = load_facts(), []
    shipped = read_calibration(next(iter(shipped_calibrations().values())))
    older, beside = reference(ours, shipped, 2 * draws)
    print("\n".join(beside), flush=True)
    for number, facts in enumerate(continuations(ours, worlds)):
        began = time.monotonic()
        found.append(compare(facts, ours, older, draws, number + 1))
        each = found[-1]
        print(
            f"{number}: {each.rows} rows, k-hat {each.khat:.2f}, worth {each.effective:.0f}, largest difference "
            f"{np.abs(each.away).max():.2f}, refit worth {each.refit_effective:.0f}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
    lines = table(found)
    print("\n".join(lines))
    if worlds >= 10:
        put_into_page(CALIBRATION, "update", lines)
        put_into_page(CALIBRATION, "walkers", beside)


if __name__ == "__main__":
    main()
