"""A calibration brought up to a changed record without a refit: its joint draws are weighted by what the record adds.

The weight of a draw is the likelihood of the whole new record over that of the record that the calibration was fitted
to, both exact at this draw; priors cancel. Added months, rows that were replaced and rows that were withdrawn thus
count alike. Weights are Pareto-smoothed (`sim.inference.psis`) and the draws resampled. What is fitted by counting is
counted again, and disputes over water are sampled again.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sim.facts import Facts, load_facts
from sim.inference.conjugate import Rate, Share, draw_shares
from sim.inference.fit import Fit, Size, about_fit, carried_over, evidence_of, summaries, with_disputes
from sim.inference.psis import TRUSTED, Weights, resample, smooth
from sim.scenario.calibration_file import Calibration, carried_on_from, record_digest

FEWEST = 200  # effective draws below which an update is refused
SEED = 1


class UpdateError(ValueError):
    """A calibration that cannot be brought up to this record at all; the message says why."""


class CollapsedError(RuntimeError):
    """So much is new that the old draws do not cover it: only a refit will do."""

    def __init__(self, weights: Weights):
        super().__init__(
            f"the rows change too much for its draws to follow: Pareto k-hat {weights.khat:.2f} (below {TRUSTED} is "
            f"needed), {len(weights.weights)} draws worth {weights.effective:.0f} (at least {FEWEST} are needed)."
        )
        self.weights = weights


def update(name: str, older: Calibration, facts: Facts) -> Fit:
    """The calibration that an older one becomes on the record of the facts.

    Parameters
    ----------
    name : of the older one, as its file is called

    Raises
    ------
    UpdateError : the older one was fitted to no part of this record, without a record, or knows it already
    CollapsedError : its draws do not cover the new posterior
    """
    about = older.about
    if about["prior_set"] == "prior-only":
        raise UpdateError(f"{name} leaves the record out: there is nothing in it that rows could change.")
    before = fitted_facts(name, older, facts)
    if (record_digest(before), before.record_ends) == (record_digest(facts), facts.record_ends):
        raise UpdateError(f"{name} knows this record already, to its end on {facts.record_ends}.")
    rng = np.random.default_rng(SEED)
    draws, shares, weights, parameters = _weighted(older, before, facts, rng)
    if weights.khat >= TRUSTED or weights.effective < FEWEST:
        raise CollapsedError(weights)
    chosen = resample(weights.weights, len(draws), rng)
    whole = np.column_stack([draws[chosen], _counted(older, shares, rng)])
    rows = summaries(parameters, shares, whole)
    known = {row["name"]: {"mean": row["mean"], "sd": row["sd"]} for row in about["parameters"]}
    found = about_fit(facts, about["prior_set"], Size(draws=len(whole), seed=SEED))
    found["updated_from"] = {
        "name": name,
        "digest": older.digest,
        "record_digest": about["record_digest"],
        "record_ends": about["record_ends"],
    }
    found["diagnostics"] = {
        "sampler": "importance weights, Pareto-smoothed; systematic resampling",
        "khat": round(weights.khat, 3),
        "effective_draws": int(weights.effective),
        "distinct_draws": len(np.unique(chosen)),
        "from_their_prior": [prior.name for prior in parameters if prior.name not in known],
    }
    found["parameters"] = rows
    whole = with_disputes(Fit(found, whole), facts)
    for row in whole.about["parameters"]:
        row |= {"before": known[row["name"]]} if row["name"] in known else {}
    return whole


def _weighted(older: Calibration, before: Facts, facts: Facts, rng: np.random.Generator):
    """Draws in the order of the new priors, what is counted, the weights, the new priors."""
    old, _ = evidence_of(before, older.about["prior_set"])
    new, shares = evidence_of(facts, older.about["prior_set"])
    missing = [name for name in old.names if name not in older.names]
    if missing:
        raise UpdateError(f"it has no draws of {missing[0]}, which the record it was fitted to has.")
    draws, place = carried_over(older, new.priors, rng), {name: k for k, name in enumerate(older.names)}
    as_fitted = older.draws[:, [place[name] for name in old.names]]
    gained = [new.log_likelihood(x) - old.log_likelihood(y) for x, y in zip(draws, as_fitted)]
    log_weights = np.where(np.isfinite(gained), gained, -np.inf)
    if not np.isfinite(log_weights).any():
        raise UpdateError("something that came is impossible under every draw.")
    return draws, shares, smooth(log_weights), new.priors


def _counted(older: Calibration, shares: tuple[Share | Rate, ...], rng: np.random.Generator) -> np.ndarray:
    """(draw, share) from the exact posterior; the older draws where the counts are the same."""
    found = draw_shares(shares, len(older.draws), rng)
    rows = {row["name"]: (k, row.get("counted")) for k, row in enumerate(older.about["parameters"])}
    for column, share in enumerate(shares):
        k, counted = rows.get(share.name, (0, None))
        if counted == share.counted:
            found[:, column] = older.draws[:, k]
    return found


def fitted_facts(name: str, older: Calibration, facts: Facts) -> Facts:
    """The record that a calibration was fitted to: ours, or the part of the user's up to where the fit ended.

    Raises
    ------
    UpdateError : neither
    """
    ends = str(older.about.get("record_ends"))
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", ends):
        raise UpdateError(f"{name} does not say where the record that it was fitted to ends.")
    year, month = map(int, ends.split("-"))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    for candidate in (load_facts(), carried_on_from(facts, ends)):
        if record_digest(candidate) == older.about.get("record_digest"):
            return replace(candidate, record_ends=last)
    theirs = str(older.about.get("record_digest"))[:12]
    raise UpdateError(
        f"{name} was fitted to another record ({theirs}) than the one that ships, and than the months of this one up "
        f"to {ends}."
    )
