"""The posterior of the fitted parameters: one vector in, one log density and its gradient out."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.facts import Facts
from sim.inference.accord_likelihood import AnswerArrays, accord_log_likelihood, answer_arrays
from sim.inference.acts import clash_rows, friction_rows, settlement_rows
from sim.inference.answers import answer_rows
from sim.inference.conflict_likelihood import N_CONFLICT, ConflictArrays, conflict_arrays, conflict_log_likelihood
from sim.inference.covariates import Panel
from sim.inference.ladder_likelihood import LadderArrays, ladder_arrays, ladder_log_likelihood, quadrature
from sim.inference.observations import History
from sim.inference.priors import ACCORDS, LADDER, Prior, prior_covariance, priors_of
from sim.inference.rows import LadderRows, ladder_rows

WAVE_POINTS, ATTITUDE_POINTS = 61, 41
_N_LADDER, _N_ACCORDS = len(LADDER), len(ACCORDS)
_CONFLICT = _N_LADDER + _N_ACCORDS  # where conflict begins in the vector, and where leaders do
_LEADERS = _CONFLICT + N_CONFLICT
_NOTHING = np.empty(0)
_WAVE, _ATTITUDE = quadrature(WAVE_POINTS), quadrature(ATTITUDE_POINTS)


class Fixed(NamedTuple):
    """What is not fitted: sensitivity of states not `blocked`, slope of an accord's value, accession, frailty."""

    strength: float
    interest: float
    accession: float
    frailty: float


def ladder_columns(rows: LadderRows, panel: Panel) -> np.ndarray:
    """(row, 3) covariates of the shipped model: contagion, mean capacity above one half, declared."""
    t = rows.month - panel.first
    capacity = 0.5 * (panel.capacity[t, rows.state_a] + panel.capacity[t, rows.state_b]) - 0.5
    return np.column_stack([rows.contagion, capacity, rows.declared])


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is needed to evaluate the posterior of one history.

    The vector is that of `priors`: ladder, accords, conflict, openness of leaders, sensitivity of the states `blocked`,
    offsets of border sections.
    """

    priors: tuple[Prior, ...]
    ladder: LadderArrays
    answers: AnswerArrays
    conflict: ConflictArrays
    n_leaders: int
    n_states: int
    blocked: np.ndarray
    fixed: Fixed
    with_record: bool = True
    treaties: bool = True  # whether the ladder and the accords count, or conflict alone

    def __post_init__(self) -> None:
        columns = [(p.mean, p.lower, p.upper) for p in self.priors]
        precision = np.linalg.inv(prior_covariance(self.priors))
        object.__setattr__(self, "_limits", (*np.array(columns).T.copy(), precision))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters in the order of the vector."""
        return tuple(prior.name for prior in self.priors)

    def unpack(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Openness by leader and sensitivity by state."""
        at = _LEADERS + self.n_leaders
        strength = np.full(self.n_states, self.fixed.strength)
        strength[self.blocked] = x[at : at + len(self.blocked)]
        return np.ascontiguousarray(x[_LEADERS:at]), strength

    def ladder_value(self, x: np.ndarray, gradient: np.ndarray = _NOTHING) -> float:
        """Log-likelihood of the ladder; its gradient by (theta, slope, coefficients, wave, openness, strength)."""
        openness, strength = self.unpack(x)
        per_year = np.empty(len(self.ladder.begins) - 1)
        return ladder_log_likelihood(
            self.ladder, x[:4], x[4], x[5:8], x[8], openness, strength, 0.0, *_WAVE, per_year, gradient
        )

    def accord_value(self, x: np.ndarray, gradient: np.ndarray = _NOTHING) -> float:
        """Log-likelihood of the answers to accords; its gradient by (accords, openness, strength)."""
        openness, strength = self.unpack(x)
        intercept, bandwagon, persistence = x[_N_LADDER:_CONFLICT]
        return accord_log_likelihood(
            self.answers,
            intercept,
            self.fixed.interest,
            bandwagon,
            persistence,
            self.fixed.accession,
            openness,
            strength,
            *_ATTITUDE,
            gradient,
        )

    def conflict_value(self, x: np.ndarray, gradient: np.ndarray = _NOTHING) -> float:
        """Log-likelihood of frictions, clashes and settlements; its gradient by (conflict, offsets, openness)."""
        openness = np.ascontiguousarray(x[_LEADERS : _LEADERS + self.n_leaders])
        offsets = x[_LEADERS + self.n_leaders + len(self.blocked) :]
        return conflict_log_likelihood(
            self.conflict, x[_CONFLICT:_LEADERS], offsets, openness, self.fixed.frailty, gradient
        )

    def log_likelihood(self, x: np.ndarray) -> float:
        """Log-likelihood of the whole history."""
        treaties = self.ladder_value(x) + self.accord_value(x) if self.treaties else 0.0
        return treaties + self.conflict_value(x)

    def log_density(self, x: np.ndarray) -> float:
        """Log posterior density up to a constant."""
        return float(self.log_densities(x[None])[0])

    def log_densities(self, vectors: np.ndarray) -> np.ndarray:
        """(vector,) log posterior density of many vectors at once; releases the interpreter lock meanwhile."""
        mean, low, high, precision = self._limits
        away = vectors - mean
        found = -0.5 * np.einsum("vj,jk,vk->v", away, precision, away, optimize=True)
        inside = np.all((vectors >= low) & (vectors <= high), axis=1)
        if self.with_record and inside.any():
            likelihood = np.empty(inside.sum())
            _log_likelihoods(
                self.ladder,
                self.answers,
                self.conflict,
                np.ascontiguousarray(vectors[inside]),
                self.n_leaders,
                self.n_states,
                self.blocked,
                self.fixed,
                *_WAVE,
                *_ATTITUDE,
                likelihood,
            )
            found[inside] += likelihood
        found[~inside] = -np.inf
        return found

    def gradient(self, x: np.ndarray) -> np.ndarray:
        """Gradient of the log density; beyond the range of a parameter as if there were none."""
        return self.value_and_gradient(x)[1]

    def value_and_gradient(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        """Log density up to a constant, and its gradient."""
        mean, low, high, precision = self._limits
        slope = -precision @ (x - mean)
        value = 0.5 * float((x - mean) @ slope) if np.all((x >= low) & (x <= high)) else -np.inf
        if not self.with_record:
            return value, slope
        leaders, n_offsets = self.n_leaders, len(x) - _LEADERS - self.n_leaders - len(self.blocked)
        ladder = np.zeros(_N_LADDER + leaders + self.n_states)
        accords = np.zeros(_N_ACCORDS + leaders + self.n_states)
        conflict = np.empty(N_CONFLICT + n_offsets + leaders)
        value += self.conflict_value(x, conflict)
        if self.treaties:
            value += self.ladder_value(x, ladder) + self.accord_value(x, accords)
        persons = ladder[_N_LADDER:] + accords[_N_ACCORDS:]
        persons[:leaders] += conflict[N_CONFLICT + n_offsets :]
        return value, slope + np.concatenate(
            [
                ladder[:_N_LADDER],
                accords[:_N_ACCORDS],
                conflict[:N_CONFLICT],
                persons[:leaders],
                persons[leaders:][self.blocked],
                conflict[N_CONFLICT : N_CONFLICT + n_offsets],
            ]
        )


@compiled
def _log_likelihoods(
    ladder,
    answers,
    conflict,
    vectors,
    n_leaders,
    n_states,
    blocked,
    fixed,
    wave_nodes,
    wave_weights,
    attitude_nodes,
    attitude_weights,
    found,
):
    """Log-likelihood of each of the vectors, into `found`."""
    per_year, no_gradient = np.empty(ladder.begins.shape[0] - 1), np.empty(0)
    after = _LEADERS + n_leaders
    for k in range(vectors.shape[0]):
        x = vectors[k]
        openness, strength = x[_LEADERS:after], np.full(n_states, fixed.strength)
        for b in range(blocked.shape[0]):
            strength[blocked[b]] = x[after + b]
        found[k] = ladder_log_likelihood(
            ladder, x[:4], x[4], x[5:8], x[8], openness, strength, 0.0, wave_nodes, wave_weights, per_year, no_gradient
        )
        if found[k] > -np.inf:
            found[k] += conflict_log_likelihood(
                conflict, x[_CONFLICT:_LEADERS], x[after + blocked.shape[0] :], openness, fixed.frailty, no_gradient
            )
        if found[k] > -np.inf:
            found[k] += accord_log_likelihood(
                answers,
                x[_N_LADDER],
                fixed.interest,
                x[_N_LADDER + 1],
                x[_N_LADDER + 2],
                fixed.accession,
                openness,
                strength,
                attitude_nodes,
                attitude_weights,
                no_gradient,
            )


def blocked_states(panel: Panel) -> tuple[str, ...]:
    """States for which a border dispute takes something off the value of anything in the record."""
    exposed = (panel.shape > 0).any(axis=(0, 2)) | (panel.accord_shape > 0).any(axis=(0, 1))
    return tuple(state for state, any_ in zip(panel.states, exposed) if any_)


def restless_sections(panel: Panel, recorded: History) -> tuple[str, ...]:
    """Borders that were at risk of clashes since 2010 in the record, such as KGZ-TJK."""
    return tuple("-".join(panel.dyads[d]) for d in np.unique(clash_rows(panel, recorded).dyad))


def priors_on(facts: Facts, panel: Panel, recorded: History, prior_set: str = "literature") -> tuple[Prior, ...]:
    """Priors of all that the record can be fitted with; see `sim.inference.priors.priors_of`."""
    return priors_of(facts, prior_set, blocked_states(panel), restless_sections(panel, recorded))


def posterior_of(
    panel: Panel,
    history: History,
    priors: tuple[Prior, ...],
    facts: Facts,
    with_record: bool = True,
    until: int | None = None,
) -> Posterior:
    """The posterior of a history under priors from `priors_on`.

    Parameters
    ----------
    until : absolute month; what is decided then or later is not used.  A January, so as not to cut a window in two
    """
    rows = [make(panel, history) for make in (ladder_rows, answer_rows, friction_rows, clash_rows, settlement_rows)]
    if until is not None:
        rows = [each.keep(each.month < until) for each in rows]
    ladder, answers, frictions, clashes, settlements = rows
    table = {row.name: row.value for row in facts.parameters}
    names = [prior.name for prior in priors]
    sections = [d for d, dyad in enumerate(panel.dyads) if f"clash.{'-'.join(dyad)}" in names]
    blocked = [k for k, state in enumerate(panel.states) if f"blocker.{state}" in names]
    return Posterior(
        priors,
        ladder_arrays(ladder, ladder_columns(ladder, panel)),
        answer_arrays(answers),
        conflict_arrays(frictions, clashes, settlements, sections),
        len(panel.leaders),
        len(panel.states),
        np.array(blocked, np.int64),
        Fixed(table["border.blocker"], table["accords.interest"], table["accords.accession"], table["borders.frailty"]),
        with_record,
    )
