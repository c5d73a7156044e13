"""The posterior of the fitted parameters: one vector in, one log density and its gradient out."""

from dataclasses import dataclass

import numpy as np

from sim.calibration.accord_likelihood import AnswerArrays, accord_log_likelihood, answer_arrays
from sim.calibration.answers import answer_rows
from sim.calibration.history import History
from sim.calibration.ladder_likelihood import LadderArrays, ladder_arrays, ladder_log_likelihood, quadrature
from sim.calibration.panel import Panel
from sim.calibration.priors import ACCORDS, LADDER, Prior
from sim.calibration.rows import LadderRows, ladder_rows
from sim.compiled import compiled

WAVE_POINTS, ATTITUDE_POINTS = 61, 41
_N_LADDER, _N_ACCORDS = len(LADDER), len(ACCORDS)
_NOTHING = np.empty(0)


def ladder_columns(rows: LadderRows, panel: Panel) -> np.ndarray:
    """(row, 3) covariates of the shipped model: contagion, mean capacity above one half, declared."""
    t = rows.month - panel.first
    capacity = 0.5 * (panel.capacity[t, rows.state_a] + panel.capacity[t, rows.state_b]) - 0.5
    return np.column_stack([rows.contagion, capacity, rows.declared])


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is needed to evaluate the posterior of one history.

    The vector is that of `priors`: ladder, accords, openness of leaders, sensitivity of the states `blocked`.
    """

    priors: tuple[Prior, ...]
    ladder: LadderArrays
    answers: AnswerArrays
    n_leaders: int
    n_states: int
    blocked: np.ndarray
    default_strength: float
    accession: float
    interest: float = 1.0
    with_record: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters in the order of the vector."""
        return tuple(prior.name for prior in self.priors)

    def unpack(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Openness by leader and sensitivity by state."""
        at = _N_LADDER + _N_ACCORDS
        strength = np.full(self.n_states, self.default_strength)
        strength[self.blocked] = x[at + self.n_leaders :]
        return np.ascontiguousarray(x[at : at + self.n_leaders]), strength

    def ladder_value(self, x: np.ndarray, gradient: np.ndarray = _NOTHING) -> float:
        """Log-likelihood of the ladder; its gradient by (theta, slope, coefficients, wave, openness, strength)."""
        openness, strength = self.unpack(x)
        per_year = np.empty(len(self.ladder.begins) - 1)
        return ladder_log_likelihood(
            self.ladder, x[:4], x[4], x[5:8], x[8], openness, strength, 0.0, *_WAVE, per_year, gradient
        )

    def accord_value(self, x: np.ndarray) -> float:
        """Log-likelihood of the answers to accords."""
        openness, strength = self.unpack(x)
        a = _N_LADDER
        return accord_log_likelihood(
            self.answers, x[a], self.interest, x[a + 1], x[a + 2], self.accession, openness, strength, *_ATTITUDE
        )

    def log_likelihood(self, x: np.ndarray) -> float:
        """Log-likelihood of the whole history."""
        return self.ladder_value(x) + self.accord_value(x)

    def log_density(self, x: np.ndarray) -> float:
        """Log posterior density up to a constant."""
        mean, sd, low, high = self._limits()
        if np.any(x < low) or np.any(x > high):
            return -np.inf
        value = -0.5 * float(np.sum(((x - mean) / sd) ** 2))
        return value + self.log_likelihood(x) if self.with_record else value

    def log_densities(self, vectors: np.ndarray) -> np.ndarray:
        """(vector,) log posterior density of many vectors at once; releases the interpreter lock meanwhile."""
        mean, sd, low, high = self._limits()
        found = -0.5 * np.sum(((vectors - mean) / sd) ** 2, axis=1)
        inside = np.all((vectors >= low) & (vectors <= high), axis=1)
        if self.with_record and inside.any():
            likelihood = np.empty(inside.sum())
            fixed = np.array([self.default_strength, self.interest, self.accession])
            _log_likelihoods(self.ladder, self.answers, np.ascontiguousarray(vectors[inside]), self.n_leaders,
                             self.n_states, self.blocked, fixed, *_WAVE, *_ATTITUDE, likelihood)  # fmt: skip
            found[inside] += likelihood
        found[~inside] = -np.inf
        return found

    def gradient(self, x: np.ndarray) -> np.ndarray:
        """Gradient of the log density: exact for the ladder, central differences for the answers."""
        mean, sd, _, _ = self._limits()
        slope = -(x - mean) / sd**2
        if not self.with_record:
            return slope
        found = np.empty(_N_LADDER + self.n_leaders + self.n_states)
        self.ladder_value(x, found)
        slope[:_N_LADDER] += found[:_N_LADDER]
        at = _N_LADDER + _N_ACCORDS
        slope[at : at + self.n_leaders] += found[_N_LADDER : _N_LADDER + self.n_leaders]
        slope[at + self.n_leaders :] += found[_N_LADDER + self.n_leaders :][self.blocked]
        for k in range(_N_LADDER, len(x)):
            step = np.zeros(len(x))
            step[k] = 1e-4
            slope[k] += (self.accord_value(x + step) - self.accord_value(x - step)) / 2e-4
        return slope

    def _limits(self):
        cached = self.__dict__.get("_cached_limits")
        if cached is None:
            columns = [(p.mean, p.sd, p.lower, p.upper) for p in self.priors]
            cached = tuple(np.array(columns).T.copy())
            object.__setattr__(self, "_cached_limits", cached)
        return cached


@compiled
def _log_likelihoods(ladder, answers, vectors, n_leaders, n_states, blocked, fixed, wave_nodes, wave_weights,
                     attitude_nodes, attitude_weights, found):  # fmt: skip
    """Log-likelihood of each of the vectors, into `found`."""
    per_year, no_gradient = np.empty(ladder.begins.shape[0] - 1), np.empty(0)
    at = _N_LADDER + _N_ACCORDS
    for k in range(vectors.shape[0]):
        x = vectors[k]
        openness, strength = x[at : at + n_leaders], np.full(n_states, fixed[0])
        for b in range(blocked.shape[0]):
            strength[blocked[b]] = x[at + n_leaders + b]
        found[k] = ladder_log_likelihood(
            ladder, x[:4], x[4], x[5:8], x[8], openness, strength, 0.0, wave_nodes, wave_weights, per_year, no_gradient
        )
        if found[k] > -np.inf:
            found[k] += accord_log_likelihood(
                answers, x[_N_LADDER], fixed[1], x[_N_LADDER + 1], x[_N_LADDER + 2], fixed[2], openness, strength,
                attitude_nodes, attitude_weights,
            )  # fmt: skip


_WAVE, _ATTITUDE = quadrature(WAVE_POINTS), quadrature(ATTITUDE_POINTS)


def blocked_states(panel: Panel) -> tuple[str, ...]:
    """States for which a border dispute takes something off the value of anything in the record."""
    exposed = (panel.shape > 0).any(axis=(0, 2)) | (panel.accord_shape > 0).any(axis=(0, 1))
    return tuple(state for state, any_ in zip(panel.states, exposed) if any_)


def posterior_of(panel: Panel, history: History, priors: tuple[Prior, ...], facts, with_record: bool = True,
                 until: int | None = None):  # fmt: skip
    """The posterior of a history under priors from `priors_of(facts, ..., blocked_states(panel))`.

    Parameters
    ----------
    until : absolute month; what is decided then or later is not used.  A January, so as not to cut a window in two
    """
    rows, answers = ladder_rows(panel, history), answer_rows(panel, history)
    if until is not None:
        rows, answers = rows.keep(rows.month < until), answers.keep(answers.month < until)
    table = {row.name: row.value for row in facts.parameters}
    return Posterior(
        priors, ladder_arrays(rows, ladder_columns(rows, panel)), answer_arrays(answers),
        len(panel.leaders), len(panel.states),
        np.array([panel.states.index(state) for state in blocked_states(panel)], np.int64), table["border.blocker"],
        table["accords.accession"], table["accords.interest"], with_record,
    )  # fmt: skip
