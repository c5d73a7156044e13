"""Histories that did not happen: drawn from the likelihood's own process on the covariates of the record.

Trust, capacity, leaders, borders and meetings are those of the panel; steps, declarations and answers are drawn. So a
synthetic world holds as much information as the record and obeys the likelihood exactly, which is what a check of the
fitting procedure needs. The engine itself would not do: there trust answers to the treaties drawn, a feedback that the
replay of the record does not have, and a failure could then lie in either.
"""

import numpy as np

from sim.inference.answers import MOST_ROUNDS, summits_of
from sim.inference.conflict_likelihood import CONFLICT
from sim.inference.covariates import Panel
from sim.inference.observations import DECLARATION, Answer, History, Step, tidy_history
from sim.inference.posterior import Posterior
from sim.inference.priors import ACCORDS, LADDER
from sim.inference.synthetic_acts import draw_acts, draw_years
from sim.model.schedule import month_of

_DOUBLE_STEP = 2.0 / 14.0


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
    openness, strength = posterior.unpack(x)
    at, conflict = len(LADDER) + len(ACCORDS), len(LADDER) + len(ACCORDS) + len(CONFLICT)
    steps = draw_steps(panel, recorded, x[: len(LADDER)], openness, strength, rng)
    answers = _draw_answers(panel, recorded, x[len(LADDER) : at], openness, strength, posterior.fixed.accession, rng)
    offsets = {
        d: x[posterior.names.index(f"clash.{'-'.join(dyad)}")]
        for d, dyad in enumerate(panel.dyads)
        if f"clash.{'-'.join(dyad)}" in posterior.names
    }
    acts = draw_acts(panel, x[at:conflict], offsets, openness, posterior.fixed.frailty, shares, rng)
    return tidy_history(steps, answers, acts, draw_years(panel, shares, rng))


def values_of_steps(panel: Panel, openness: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """(month, dyad, rung) mean value of both states."""
    a, b = panel.dyad_a, panel.dyad_b
    own = openness[panel.leader]  # month, state
    block = np.maximum(strength, 0.0)[None, :, None] * panel.shape  # month, state, other
    total = panel.value[:, a, b] + panel.value[:, b, a] - (block[:, a, b] + block[:, b, a])[:, :, None]
    return 0.5 * (total + (own[:, a] + own[:, b])[:, :, None])


def draw_steps(
    panel: Panel, recorded: History, ladder: np.ndarray, openness, strength, rng, linear: np.ndarray | None = None
) -> list[Step]:
    """Steps and declarations of all dyads, month by month.

    Parameters
    ----------
    ladder : (9,) theta by kind, interest, contagion, capacity, declared, wave spread
    linear : (month, dyad, kind) log-hazard in place of the model's, the contagion and declaration terms left out
    """
    theta, (interest, contagion, capacity, declared_effect, wave_sd) = ladder[:4], ladder[4:9]
    n = len(panel.dyads)
    if linear is None:
        mature = 0.5 * (panel.capacity[:, panel.dyad_a] + panel.capacity[:, panel.dyad_b]) - 0.5
        value = interest * values_of_steps(panel, openness, strength) + capacity * mature[:, :, None]
        linear = np.concatenate([value + theta[:3], value[:, :, 2:] + theta[3]], axis=2)
    assumed = {step.dyad: step for step in recorded.steps if step.assumed}
    beside = np.array([[len({*panel.dyads[d], *panel.dyads[e]}) == 3 for e in range(n)] for d in range(n)])
    rung, declared, steps, shock = np.zeros(n, int), np.zeros(n, bool), [], 0.0
    for t in range(panel.n_months):
        month = panel.first + t
        if t == 0 or month % 12 == 0:
            shock = wave_sd * rng.standard_normal() - 0.5 * wave_sd**2
        above = rung[None, :, None] >= np.arange(1, 4)
        share = (beside[:, :, None] * above).sum(axis=1) / beside.sum(axis=1)[:, None]
        before = rung.copy()
        for d in range(n):
            if d in assumed and month <= assumed[d].month:
                if month == assumed[d].month:
                    rung[d] = 1
                    steps.append(assumed[d])
                continue
            if before[d] == 3:
                continue
            common = contagion * share[d, before[d]] + shock
            rate = np.exp(linear[t, d, before[d]] + common + declared_effect * (declared[d] and before[d] == 2))
            if rng.random() < -np.expm1(-rate):
                rung[d] = before[d] + 1
                steps.append(Step(d, rung[d], month, month, month))
                if rung[d] == 2 and rng.random() < _DOUBLE_STEP:
                    rung[d] = 3
                    steps.append(Step(d, 3, month, month, month))
            elif before[d] == 2 and not declared[d] and rng.random() < -np.expm1(-np.exp(linear[t, d, 3] + common)):
                declared[d] = True
                steps.append(Step(d, DECLARATION, month, month, month))
    return steps


def _draw_answers(panel, recorded, accords, openness, strength, accession, rng) -> list[Answer]:
    found = []
    for m, accord in enumerate(panel.accords):
        if not accord.documented or accord.proposal:
            continue
        said = [answer for answer in recorded.answers if answer.accord == m]
        seats = summits_of(panel, m, said)
        parties = [panel.states.index(party) for party in accord.parties]
        attitude = accords[2] * rng.standard_normal(len(panel.states))
        value = panel.accord_value[:, m] + openness[panel.leader]
        value -= np.maximum(strength, 0.0) * panel.accord_shape[:, m]
        logit = accords[0] + value + attitude

        def willing(state, month, signed, logit=logit, parties=parties):
            share = accords[1] * signed / (len(parties) - 1)
            return 1.0 / (1.0 + np.exp(-logit[month - panel.first, state] - share))

        if accord.rule == "unanimity":
            found += _draw_together(m, seats, willing, rng)
        else:
            ends = min(panel.lapses[m], panel.end)
            opens = max(month_of(accord.opens), panel.first)
            found += _draw_each(m, parties, seats, (opens, ends), willing, accession, rng)
    return found


def _draw_together(m, seats, willing, rng) -> list[Answer]:
    """Under unanimity: round after round until all that sit there are willing."""
    found = []
    for month, seated in list(seats.items())[:MOST_ROUNDS]:
        all_would = all([rng.random() < willing(state, month, 0) for state in sorted(seated)])
        kind = "signature" if all_would else "refusal"
        found += [Answer(m, state, kind, month, month, month) for state in sorted(seated)]
        if all_would:
            break
    return found


def _draw_each(m, parties, seats, span, willing, accession, rng) -> list[Answer]:
    """Opt-in: each for itself at summits, and by accession between them once somebody has signed."""
    signed: dict[int, int] = {}
    found = []
    for month in range(*span):
        before = len(signed)
        for state in sorted(seats.get(month, ())):
            if state in parties and state not in signed:
                yes = rng.random() < willing(state, month, before)
                found.append(Answer(m, state, "signature" if yes else "refusal", month, month, month))
                if yes:
                    signed[state] = month
        now = len(signed)
        if now:
            for state in parties:
                if state not in signed and rng.random() < accession * willing(state, month, now):
                    found.append(Answer(m, state, "accession", month, month, month))
                    signed[state] = month
    return found
