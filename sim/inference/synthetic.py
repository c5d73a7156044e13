"""Synthetic histories: drawn from the likelihood's own process on the covariates of the record.

Trust, capacity, leaders, borders and meetings are those of the panel; steps, answers, acts and years are drawn by the
predictors of the likelihood. So a synthetic history holds as much information as the record and obeys the likelihood
exactly, which is what a check of the fitting procedure needs. The engine itself would not do: there trust answers to
the treaties drawn, a feedback that the replay of the record does not have, and a failure could then lie in either.
"""

from collections.abc import Iterator

import numpy as np

from sim.engine.compiled import plain
from sim.engine.hazard import linear
from sim.engine.months import growing_season
from sim.facts.rows import month_of
from sim.inference.accord_answers import MOST_ROUNDS, every_answer, summits_of
from sim.inference.conjugate import BIRTH, DEATH, KINDS, MEETS, MILITARISED, WHOLE
from sim.inference.covariates import Panel
from sim.inference.observations import DECLARATION, Act, Answer, FormatYear, History, Step, tidy_history
from sim.inference.posterior import Posterior
from sim.inference.predictors import answer_predictor, friction_predictor, ladder_predictor, settlement_predictor
from sim.inference.risk_sets import (
    CLASHES_FROM,
    RECENT,
    contagion_panel,
    every_step,
    friction_rows,
    settlement_rows,
)
from sim.processes.border_conflict import (
    CLASH_RATE,
    CLOSED_SETTLED,
    at_risk,
    beta_nine_one,
    clash_covariates,
    settled_by_package,
)

_DOUBLE_STEP = 2.0 / 14.0
_EMPTY = History((), ())


def draw_history(
    panel: Panel,
    recorded: History,
    posterior: Posterior,
    x: np.ndarray,
    shares: dict[str, float],
    rng: np.random.Generator,
) -> History:
    """A history under the parameters of a vector as in `sim.inference.posterior`.

    Parameters
    ----------
    recorded : gives the assumed first treaties, which stay, and where accords were answered without a summit
    posterior : of the record; knows the order of the vector and what is fixed
    x : (parameter,)
    shares : name -> value, as in `sim.inference.conjugate`
    """
    layout = posterior.layout
    effects = layout.values(x, ("ladder.contagion", "ladder.declared", "ladder.wave_sd"))
    linear = ladder_predictor(layout, panel, every_step(panel), posterior.fixed.strength).eta(x)
    linear = linear.reshape(panel.n_months, len(panel.dyads), -1)
    return tidy_history(
        draw_steps(panel, recorded, linear, *effects, rng),
        list(_answers(panel, recorded, posterior, x, rng)),
        list(_acts(panel, posterior, x, shares, rng)),
        draw_years(panel, shares, rng),
    )


def draw_steps(
    panel: Panel, recorded: History, linear: np.ndarray, contagion: float, declared_effect: float, wave_sd: float, rng
) -> list[Step]:
    """Steps and declarations of all dyads, month by month.

    Parameters
    ----------
    linear : (month, dyad, kind) log-hazard without contagion, declarations and the year's shock
    """
    n = len(panel.dyads)
    assumed = {step.dyad: step for step in recorded.steps if step.assumed}
    rung, declared, steps, shock = np.zeros(n, int), np.zeros(n, bool), [], 0.0
    for t in range(panel.n_months):
        month = panel.first + t
        if t == 0 or month % 12 == 0:
            shock = wave_sd * rng.standard_normal() - 0.5 * wave_sd**2
        before = rung.copy()
        share = contagion_panel(panel, before[None])[0]
        for d in range(n):
            if d in assumed and month <= assumed[d].month:
                if month == assumed[d].month:
                    rung[d] = 1
                    steps.append(assumed[d])
                continue
            barred = any(since <= month < until for since, until in panel.barred[[panel.dyad_a[d], panel.dyad_b[d]]])
            if before[d] == 3 or (before[d] == 2 and barred):
                continue
            common = contagion * share[d, before[d]] + shock
            if _comes(linear[t, d, before[d]] + common + declared_effect * (declared[d] and before[d] == 2), rng):
                rung[d] = before[d] + 1
                steps.append(Step(d, rung[d], month, month, month))
                if rung[d] == 2 and not barred and rng.random() < _DOUBLE_STEP:
                    rung[d] = 3
                    steps.append(Step(d, 3, month, month, month))
            elif before[d] == 2 and not declared[d] and _comes(linear[t, d, 3] + common, rng):
                declared[d] = True
                steps.append(Step(d, DECLARATION, month, month, month))
    return steps


def _comes(log_hazard: float, rng: np.random.Generator, factor: float = 1.0) -> bool:
    """Whether a hazard a month, times a factor, strikes within the month."""
    return rng.random() < -np.expm1(-np.exp(log_hazard) * factor)


def _answers(panel: Panel, recorded: History, posterior: Posterior, x: np.ndarray, rng) -> Iterator[Answer]:
    fixed, layout = posterior.fixed, posterior.layout
    bandwagon, persistence = layout.values(x, ("accords.bandwagon", "accords.persistence"))
    for m, accord in enumerate(panel.accords):
        if not accord.documented or accord.proposal:
            continue
        seats = summits_of(panel, m, [answer for answer in recorded.answers if answer.accord == m])
        parties = [panel.states.index(party) for party in accord.parties]
        attitude = persistence * rng.standard_normal(len(panel.states))
        alone = answer_predictor(layout, panel, every_answer(panel, m), fixed.interest, fixed.strength).eta(x)
        logit = alone.reshape(panel.n_months, -1) + attitude

        def willing(state, month, signed, logit=logit, parties=parties):
            share = bandwagon * signed / (len(parties) - 1)
            return 1.0 / (1.0 + np.exp(-logit[month - panel.first, state] - share))

        if accord.rule == "unanimity":
            yield from _together(m, seats, willing, rng)
        else:
            span = max(month_of(accord.opens), panel.first), min(panel.lapses[m], panel.end)
            yield from _each(m, parties, seats, span, willing, fixed.later, rng)


def _together(m, seats, willing, rng) -> Iterator[Answer]:
    """Under unanimity: round after round until all that sit there are willing."""
    for month, seated in list(seats.items())[:MOST_ROUNDS]:
        all_would = all([rng.random() < willing(state, month, 0) for state in sorted(seated)])
        kind = "signature" if all_would else "refusal"
        yield from (Answer(m, state, kind, month, month, month) for state in sorted(seated))
        if all_would:
            break


def _each(m, parties, seats, span, willing, later, rng) -> Iterator[Answer]:
    """Opt-in: each for itself at summits, and by accession between them once somebody has signed."""
    signed: set[int] = set()
    declined: set[int] = set()
    for month in range(*span):
        before = len(signed)
        for state in sorted(seats.get(month, ())):
            if state in parties and state not in signed:
                asked = later.reconsider if state in declined else 1.0
                yes = rng.random() < asked * willing(state, month, before)
                yield Answer(m, state, "signature" if yes else "refusal", month, month, month)
                (signed if yes else declined).add(state)
        now = len(signed)
        for state in parties if now else ():
            if state not in signed and rng.random() < later.accession * willing(state, month, now):
                yield Answer(m, state, "accession", month, month, month)
                signed.add(state)


def _acts(panel: Panel, posterior: Posterior, x: np.ndarray, shares: dict[str, float], rng) -> Iterator[Act]:
    """Acts between neighbours, border by border."""
    rows = friction_rows(panel, _EMPTY)
    frictions = friction_predictor(posterior.layout, rows).eta(x).reshape(-1, 2, panel.n_months)
    rows = settlement_rows(panel, _EMPTY)
    settlements = np.full((len(panel.dyads), panel.n_months), -np.inf)
    settlements[rows.dyad, rows.month - panel.first] = settlement_predictor(posterior.layout, rows).eta(x)
    for d, log_rates in zip(np.flatnonzero(panel.neighbours), frictions):
        pair = int(panel.dyad_a[d]), int(panel.dyad_b[d])
        for log_rate, (actor, target) in zip(log_rates, (pair, pair[::-1])):
            yield from _frictions(panel, log_rate, actor, target, shares, rng)
        yield from _section(panel, posterior, x, settlements[d], shares, int(d), rng)


def _frictions(panel: Panel, log_rate, actor: int, target: int, shares, rng) -> Iterator[Act]:
    chances = np.array([shares[name] for name in KINDS])
    for t in range(panel.n_months):
        if _comes(log_rate[t], rng):
            month = panel.first + t
            yield Act("friction", actor, target, month, month, month, float(rng.choice(3, p=chances / chances.sum())))


def _section(panel: Panel, posterior: Posterior, x, settlement, shares, d: int, rng) -> Iterator[Act]:
    """Clashes and settlements of one border; settlement : (month,) log rate."""
    a, b = int(panel.dyad_a[d]), int(panel.dyad_b[d])
    coefficients = posterior.layout.values(x, CLASH_RATE.coefficients)
    most = [CLASH_RATE.most.get(name, np.inf) for name in CLASH_RATE.coefficients]
    coefficients = np.minimum(coefficients, most)
    section = f"clash.{'-'.join(panel.dyads[d])}"
    offset = float(posterior.layout.values(x, [section])[0]) if section in posterior.names else 0.0
    frailty, enclaves = posterior.fixed.frailty, panel.enclaves[d] == 1
    unsettled, last, factor = float(panel.unsettled[d]), None, 1.0
    for t in range(panel.n_months):
        month, share = panel.first + t, unsettled
        if month % 12 == 0:
            factor = rng.gamma(frailty, 1.0 / frailty)
        if month >= CLASHES_FROM and at_risk(share, enclaves):
            mean_trust = 0.5 * (panel.log_odds[t, a, b] + panel.log_odds[t, b, a])
            recent = last is not None and month - last <= RECENT
            open_km = panel.border_km[d] * share
            covariates = plain(clash_covariates)(open_km, growing_season(month), recent, mean_trust)
            if _comes(plain(linear)(offset, coefficients, covariates), rng, factor):
                last = month
                yield Act("clash", a, b, month, month, month, float(rng.random() < shares[MILITARISED]))
        if share > CLOSED_SETTLED and _comes(settlement[t], rng):
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
