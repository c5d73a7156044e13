"""Frictions, clashes, settlements and years of the regional process that did not happen, drawn by the likelihood."""

from collections.abc import Iterator

import numpy as np

from sim.inference.acts import CLASHES_FROM, RECENT
from sim.inference.conflict_likelihood import N_CLASHES, N_FRICTIONS
from sim.inference.conjugate import BIRTH, DEATH, KINDS, MEETS, MILITARISED, WHOLE
from sim.inference.covariates import Panel
from sim.inference.observations import Act, FormatYear
from sim.processes.border_conflict import (
    CLOSED_SETTLED,
    at_risk,
    beta_nine_one,
    clash_log_rate,
    settled_by_package,
    settlement_log_rate,
)
from sim.processes.frictions import friction_log_rate


def draw_acts(
    panel: Panel,
    x: np.ndarray,
    offsets: dict[int, float],
    openness: np.ndarray,
    frailty: float,
    shares: dict[str, float],
    rng: np.random.Generator,
) -> tuple[Act, ...]:
    """All acts between neighbours on the record's covariates.

    Parameters
    ----------
    x : (13,) as in `sim.inference.conflict_likelihood.CONFLICT`
    offsets : dyad -> what its section adds to the log rate of clashes; 0 where missing
    openness : (leader,)
    frailty : shape of the gamma frailty
    shares : name -> value, as in `sim.inference.conjugate`
    """
    found = []
    for d in np.flatnonzero(panel.neighbours):
        pair = int(panel.dyad_a[d]), int(panel.dyad_b[d])
        for actor, target in (pair, pair[::-1]):
            found += _frictions(panel, x, openness, shares, actor, target, rng)
        found += _section(panel, x, offsets.get(int(d), 0.0), openness, frailty, shares, int(d), rng)
    return tuple(found)


def _frictions(panel: Panel, x, openness, shares, actor: int, target: int, rng) -> Iterator[Act]:
    chances = [shares[name] for name in KINDS]
    for t in range(panel.n_months):
        log_rate = friction_log_rate(
            x[0], x[1], panel.log_odds[t, target, actor], x[2], openness[panel.leader[t, actor]], 0.0, 0.0
        )
        if rng.random() < -np.expm1(-np.exp(log_rate)):
            month = panel.first + t
            kind = float(rng.choice(len(KINDS), p=np.array(chances) / sum(chances)))
            yield Act("friction", actor, target, month, month, month, kind)


def _section(panel: Panel, x, offset, openness, frailty, shares, d: int, rng) -> Iterator[Act]:
    """Clashes and settlements of one border."""
    a, b = int(panel.dyad_a[d]), int(panel.dyad_b[d])
    base, length, done, season, trust, repeat = x[N_FRICTIONS : N_FRICTIONS + N_CLASHES]
    settle, capacity_effect, openness_effect, enclave_effect = x[N_FRICTIONS + N_CLASHES :]
    enclaves, unsettled, last, luck = panel.enclaves[d] == 1, float(panel.unsettled[d]), None, 1.0
    for t in range(panel.n_months):
        month, share = panel.first + t, unsettled
        if month % 12 == 0:
            luck = rng.gamma(frailty, 1.0 / frailty)
        if month >= CLASHES_FROM and at_risk(share, enclaves):
            mean_trust = 0.5 * (panel.log_odds[t, a, b] + panel.log_odds[t, b, a])
            recent = last is not None and month - last <= RECENT
            log_rate = clash_log_rate(
                base,
                offset,
                length,
                panel.border_km[d] * share,
                done,
                season,
                3 <= month % 12 <= 8,
                trust,
                mean_trust,
                repeat,
                recent,
                0.0,
            )
            if rng.random() < -np.expm1(-np.exp(log_rate) * luck):
                last = month
                yield Act("clash", a, b, month, month, month, float(rng.random() < shares[MILITARISED]))
        if share > CLOSED_SETTLED:
            both = openness[panel.leader[t, a]] + openness[panel.leader[t, b]]
            log_rate = settlement_log_rate(
                settle,
                capacity_effect,
                0.5 * (panel.capacity[t, a] + panel.capacity[t, b]),
                openness_effect,
                both,
                enclave_effect,
                enclaves,
                0.0,
                0.0,
                0.0,
                0.0,
            )
            if rng.random() < -np.expm1(-np.exp(log_rate)):
                unsettled = settled_by_package(share, rng.random(), shares[WHOLE], beta_nine_one(rng.random()))
                yield Act("settlement", a, b, month, month, month, 1.0 - unsettled)


def draw_years(panel: Panel, shares: dict[str, float], rng: np.random.Generator) -> tuple[FormatYear, ...]:
    """The regional process: born, alive and meeting, or absorbed."""
    found, was_alive = [], False
    for year in range(panel.first // 12, (panel.end - 1) // 12 + 1):
        alive = bool(rng.random() >= shares[DEATH] if was_alive else rng.random() < shares[BIRTH])
        over = year * 12 + 12 <= panel.end
        met = bool(not was_alive or rng.random() < shares[MEETS]) if alive and over else None
        found.append(FormatYear(year, was_alive, alive, met))
        was_alive = alive
    return tuple(found)
