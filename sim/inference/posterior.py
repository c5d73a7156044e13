"""The posterior of the fitted parameters: one vector in, one log density and its gradient out."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.facts import Facts
from sim.inference.accord_answers import answer_rows
from sim.inference.accord_likelihood import AnswerArrays, LaterChances, accord_log_likelihood, answer_arrays
from sim.inference.covariates import Panel
from sim.inference.likelihood import NO_SHOCK, HazardRows, hazard_log_likelihood, hazard_rows, quadrature
from sim.inference.observations import History
from sim.inference.predictors import (
    Predictor,
    answer_predictor,
    clash_predictor,
    friction_predictor,
    ladder_predictor,
    settlement_predictor,
)
from sim.inference.priors import Layout, Prior, prior_covariance, priors_of
from sim.inference.risk_sets import (
    LadderRows,
    Rows,
    block_begins,
    clash_rows,
    friction_rows,
    ladder_rows,
    settlement_rows,
)

WAVE, ATTITUDE = quadrature(61), quadrature(41)
_NOTHING = np.empty(0)


class Fixed(NamedTuple):
    """What is not fitted: sensitivity of states not `blocked`, slope of an accord's value, how
    likely a text left unsigned is answered anew, frailty."""

    strength: float
    interest: float
    later: LaterChances
    frailty: float


@dataclass(frozen=True, eq=False)
class HazardTerm:
    """The log-likelihood of one kind of event.

    spread_at : place of the spread of a block's shock, -1 where there is none; nodes : of its quadrature
    frailty : shape of a gamma factor, 0 where there is none
    """

    predictor: Predictor
    rows: HazardRows
    spread_at: int = -1
    frailty: float = 0.0

    @property
    def nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and weights of the shock."""
        return WAVE if self.spread_at >= 0 else NO_SHOCK

    def spread(self, x: np.ndarray) -> float:
        """Spread of the shock at a vector."""
        return float(x[self.spread_at]) if self.spread_at >= 0 else 0.0

    def by_block(self, x: np.ndarray) -> np.ndarray:
        """(block,) log-likelihood of each block."""
        found = np.empty(len(self.rows.begins) - 1)
        hazard_log_likelihood(
            self.rows, self.predictor.eta(x), self.spread(x), self.frailty, *self.nodes, found, _NOTHING
        )
        return found

    def value(self, x: np.ndarray, gradient: np.ndarray | None = None) -> float:
        """Log-likelihood; its derivatives are added to `gradient`."""
        eta = self.predictor.eta(x)
        by_eta = _NOTHING if gradient is None else np.empty(len(eta))
        per_block = np.empty(len(self.rows.begins) - 1)
        total, by_spread = hazard_log_likelihood(
            self.rows, eta, self.spread(x), self.frailty, *self.nodes, per_block, by_eta
        )
        if gradient is not None and np.isfinite(total):
            self.predictor.add_gradient(x, by_eta, gradient)
            if self.spread_at >= 0:
                gradient[self.spread_at] += by_spread
        return total


@dataclass(frozen=True, eq=False)
class AccordTerm:
    """The log-likelihood of the answers to accords; persistence_at : place of the attitude's standard deviation."""

    predictor: Predictor
    rows: AnswerArrays
    persistence_at: int
    later: LaterChances

    def value(self, x: np.ndarray, gradient: np.ndarray | None = None) -> float:
        """Log-likelihood; its derivatives are added to `gradient`."""
        logit = self.predictor.eta(x)
        by_logit = _NOTHING if gradient is None else np.empty(len(logit))
        total, by_persistence = accord_log_likelihood(
            self.rows, logit, float(x[self.persistence_at]), self.later, *ATTITUDE, by_logit
        )
        if gradient is not None and np.isfinite(total):
            self.predictor.add_gradient(x, by_logit, gradient)
            gradient[self.persistence_at] += by_persistence
        return total


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is needed to evaluate the posterior of one history.

    terms : of the log-likelihood, by name
    fixed : what is not fitted
    """

    priors: tuple[Prior, ...]
    terms: dict[str, HazardTerm | AccordTerm] = field(default_factory=dict)
    fixed: Fixed | None = None

    @cached_property
    def layout(self) -> Layout:
        """Places of the parameters."""
        return Layout(prior.name for prior in self.priors)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters in the order of the vector."""
        return self.layout.names

    @cached_property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """(parameter,) least and most that each can be."""
        return np.array([p.lower for p in self.priors]), np.array([p.upper for p in self.priors])

    @cached_property
    def _prior(self) -> tuple[np.ndarray, np.ndarray]:
        """Means and precision."""
        return np.array([p.mean for p in self.priors]), np.linalg.inv(prior_covariance(self.priors))

    def only(self, *terms: str) -> "Posterior":
        """The same with some terms of the likelihood alone; with none, the prior."""
        return replace(self, terms={name: self.terms[name] for name in terms})

    def log_likelihood(self, x: np.ndarray) -> float:
        """Log-likelihood of the whole history; minus infinity where something that came was impossible."""
        total = 0.0
        for term in self.terms.values():
            total += term.value(x)
            if not total > -np.inf:
                return -np.inf
        return total

    def log_density(self, x: np.ndarray) -> float:
        """Log posterior density up to a constant."""
        mean, precision = self._prior
        low, high = self.limits
        if np.any(x < low) or np.any(x > high):
            return -np.inf
        away = x - mean
        return -0.5 * float(np.einsum("j,jk,k", away, precision, away)) + self.log_likelihood(x)

    def log_densities(self, vectors: np.ndarray) -> np.ndarray:
        """(vector,) log posterior density of many vectors; mostly without the interpreter lock."""
        return np.array([self.log_density(x) for x in vectors])

    def gradient(self, x: np.ndarray) -> np.ndarray:
        """Gradient of the log density; beyond the range of a parameter as if there were none."""
        return self.value_and_gradient(x)[1]

    def value_and_gradient(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        """Log density up to a constant, and its gradient."""
        mean, precision = self._prior
        low, high = self.limits
        gradient = -precision @ (x - mean)
        value = 0.5 * float((x - mean) @ gradient) if np.all((x >= low) & (x <= high)) else -np.inf
        for term in self.terms.values():
            value += term.value(x, gradient)
        return value, gradient


def blocked_states(panel: Panel) -> tuple[str, ...]:
    """States for which a border dispute takes something off the value of anything in the record."""
    exposed = (panel.shape > 0).any(axis=(0, 2)) | (panel.accord_shape > 0).any(axis=(0, 1))
    return tuple(state for state, any_ in zip(panel.states, exposed) if any_)


def conflict_prone_sections(panel: Panel, recorded: History) -> tuple[str, ...]:
    """Borders that were at risk of clashes since 2010 in the record, such as A-B."""
    return tuple("-".join(panel.dyads[d]) for d in np.unique(clash_rows(panel, recorded).dyad))


def priors_on(facts: Facts, panel: Panel, recorded: History, prior_set: str = "literature") -> tuple[Prior, ...]:
    """Priors of all that the record can be fitted with; see `sim.inference.priors.priors_of`."""
    return priors_of(facts, prior_set, blocked_states(panel), conflict_prone_sections(panel, recorded))


def posterior_of(
    panel: Panel, history: History, priors: tuple[Prior, ...], facts: Facts, until: int | None = None
) -> Posterior:
    """The posterior of a history under priors from `priors_on`.

    Parameters
    ----------
    until : absolute month; what is decided then or later is not used.  A January, so as not to cut a window in two
    """

    def at_risk(make) -> Rows:
        rows = make(panel, history)
        return rows if until is None else rows.keep(rows.month < until)

    table = {row.name: row.value for row in facts.parameters}
    fixed = Fixed(
        table["border.blocker"],
        table["accords.interest"],
        LaterChances(table["accords.accession"], table["accords.reconsider"]),
        table["borders.frailty"],
    )
    layout = Layout(prior.name for prior in priors)
    answers, frictions = at_risk(answer_rows), at_risk(friction_rows)
    clashes, settlements = at_risk(clash_rows), at_risk(settlement_rows)
    terms = {
        "ladder": ladder_term(layout, panel, at_risk(ladder_rows), fixed.strength),
        "frictions": HazardTerm(friction_predictor(layout, frictions), hazard_rows(frictions, _one_block(frictions))),
        "clashes": HazardTerm(
            clash_predictor(layout, panel, clashes),
            hazard_rows(clashes, block_begins(clashes.dyad, clashes.year)),
            frailty=fixed.frailty,
        ),
        "settlements": HazardTerm(
            settlement_predictor(layout, settlements), hazard_rows(settlements, _one_block(settlements))
        ),
        "accords": AccordTerm(
            answer_predictor(layout, panel, answers, fixed.interest, fixed.strength),
            answer_arrays(answers),
            int(layout.at(["accords.persistence"])[0]),
            fixed.later,
        ),
    }
    return Posterior(priors, terms, fixed)


def ladder_term(layout: Layout, panel: Panel, rows: LadderRows, strength: float) -> HazardTerm:
    """The shipped hazard of steps on some rows; strength : of states without a fitted one."""
    return HazardTerm(
        ladder_predictor(layout, panel, rows, strength), year_blocks(rows), int(layout.at(["ladder.wave_sd"])[0])
    )


def year_blocks(rows: LadderRows) -> HazardRows:
    """Rows of the ladder, those of a year sharing a shock."""
    return hazard_rows(rows, block_begins(rows.year), rows.kind == 3)


def _one_block(rows: Rows) -> np.ndarray:
    return np.array([0, len(rows)], np.int64)
