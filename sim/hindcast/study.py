"""The scores that `casim hindcast` prints: rivals, contest, a user's milestones."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.facts import Facts
from sim.hindcast.hazard_fit import fit_variant
from sim.hindcast.milestones import read_milestones, with_milestones
from sim.hindcast.rolling import (
    Ground,
    Progress,
    Score,
    all_scores,
    averaged,
    ground_of,
    null_gains,
    quiet,
    whole_calibration,
)
from sim.hindcast.variants import Variant, baselines, contest, further_rivals, shipped
from sim.inference.covariates import panel_of
from sim.inference.observations import record
from sim.inference.posterior import priors_on

DANGEROUS = "rung + 2016 + declared + wave"
CONSTANT = "constant + wave"


def basis_of(facts: Facts, prior_set: str) -> Ground:
    """The record, made ready for scoring under one set of priors."""
    panel = panel_of(facts)
    history = record(facts, panel)
    return ground_of(panel, history, priors_on(facts, panel, history, prior_set), facts)


def against_rivals(ground: Ground, scheme: str, draws: int, progress: Progress = quiet) -> list[Score]:
    """The shipped hazard with and without its wave, the rivals named in advance, and those named later."""
    table = ground.table
    chosen = (shipped(table), shipped(table, wave=False), *baselines(table), *further_rivals(table, ground.panel))
    return all_scores(scheme, chosen, ground, draws, progress)


def with_whole_calibration(ground: Ground, scheme: str, draws: int, progress: Progress = quiet) -> list[Score]:
    """The whole calibration, the shipped hazard fitted alone, and the rivals with a wave, on the rolling origin.

    `scheme` is "whole"; it stands here so that all studies are called alike.
    """
    table = ground.table
    whole = whole_calibration(ground, progress=progress)
    rivals = [variant for variant in baselines(table) if variant.wave]
    return [whole, *all_scores("rolling", (shipped(table), *rivals), ground, draws)]


def against_variants(ground: Ground, scheme: str, draws: int, progress: Progress = quiet) -> list[Score]:
    """Variants of the mechanisms; the first is the model as it ships."""
    return all_scores(scheme, contest(ground.table), ground, draws, progress)


def null_threshold(ground: Ground, worlds: int, draws: int, progress: Progress = quiet) -> np.ndarray:
    """Gains of the shipped hazard over the constant one with wave, in synthetic histories made by the latter."""
    rival = next(variant for variant in baselines(ground.table) if variant.name == CONSTANT)
    return null_gains(shipped(ground.table), rival, ground, worlds, draws=draws, progress=progress)


def on_milestones(facts: Facts, path: Path, until: str, prior_set: str, draws: int) -> tuple[list[Score], list[str]]:
    """Scores on a user's later steps of models fitted to the record, and each step with its chance.

    Parameters
    ----------
    until : "2026-12": the last month that the file covers; months in which nothing came count as well
    """
    base = basis_of(facts, prior_set)
    year, month = (int(part) for part in until.split("-"))
    ends = year * 12 + month
    branch = f"run.branch={ends // 12:04d}-{ends % 12 + 1:02d}-01"
    extended = replace(facts, record_ends=date(ends // 12, ends % 12 + 1, 1) - timedelta(days=1))
    panel = panel_of(extended, (branch, "run.end=2060-12-31"))
    steps = read_milestones(path, base.panel, base.history, facts, ends)
    history = with_milestones(base.history, steps)
    ground = ground_of(panel, history, base.priors, facts)
    rows, record_ends = ground.rows, base.panel.end
    rivals = [variant for variant in baselines(ground.table) if variant.wave]
    scores = [_later(variant, ground, record_ends, draws) for variant in (shipped(ground.table), *rivals)]
    later = np.flatnonzero((rows.month >= record_ends) & (rows.kind < 3))
    lines = []
    for step in steps:
        if step.rung < 4:
            mine = later[(rows.dyad[later] == step.dyad) & (rows.kind[later] == step.rung - 1)]
            chance = 1.0 - np.prod(1.0 - scores[0].chance[np.searchsorted(later, mine)])
            pair = "-".join(panel.dyads[step.dyad])
            lines.append(f"{step.id}: {pair}, rung {step.rung}: chance {chance:.2f} in the months it was at risk")
    return scores, lines


def _later(variant: Variant, ground: Ground, record_ends: int, draws: int) -> Score:
    problem, rows = ground.pose(variant, record_ends), ground.rows
    fitted, scored = rows.month < record_ends, (rows.month >= record_ends) & (rows.kind < 3)
    x = fit_variant(problem, fitted)
    found, chance = averaged(problem, fitted, scored, x, draws)
    years = rows.year[scored]
    units = np.unique(years)
    return Score(
        variant.name,
        variant.title,
        tuple(int(u) for u in units),
        found,
        int(rows.event[scored].sum()),
        chance,
        rows.event[scored].astype(float),
        np.searchsorted(units, years),
        np.full(len(units), problem.spread(x)),
    )
