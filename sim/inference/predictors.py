"""Linear predictors: every log hazard and every signing log-odds is eta = X b + g (v + Z u) of the parameter vector.

X holds covariates, one column for each coefficient b. v is what the record makes of the value of a decision, Z who
takes part in it, u the openness of leaders and the sensitivity of states to border disputes, g the effect of the value.
With r the derivative of a log-likelihood by eta, its gradient is X'r by b, g Z'r by u and r (v + Z u) by g.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.engine.compiled import compiled, plain
from sim.engine.process import Predictor as Declared
from sim.inference.accord_answers import AnswerRows
from sim.inference.covariates import Panel
from sim.inference.priors import CLASHES, SETTLEMENTS, Layout
from sim.inference.risk_sets import ClashRows, FrictionRows, LadderRows, SettlementRows
from sim.processes.accords import ANSWER_ODDS, answer_covariates
from sim.processes.bilateral_treaties import STEP_RATE, step_covariates
from sim.processes.border_conflict import CLASH_RATE, SETTLEMENT_RATE, clash_covariates, settlement_covariates
from sim.processes.frictions import FRICTION_RATE, LOWEST_OPENNESS, friction_covariates


@dataclass(frozen=True, eq=False)
class Predictor:
    """The predictor of some rows, and where in the parameter vector its parts stand.

    columns : (coefficient, row), X; at : place of each b; most : beyond which a b has no further effect
    value : (row,), v
    persons : (person, row), Z; persons_at : place of each u; least : below which a u has no further effect
    gain_at : place of g, or -1 where it is `gain` alone; gain multiplies it, -1 for an effect that lowers
    """

    columns: np.ndarray
    at: np.ndarray
    most: np.ndarray
    value: np.ndarray
    persons: np.ndarray
    persons_at: np.ndarray
    least: np.ndarray
    gain_at: int = -1
    gain: float = 0.0

    def _parts(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        b, u = np.minimum(x[self.at], self.most), np.maximum(x[self.persons_at], self.least)
        return b, u, self.gain * (x[self.gain_at] if self.gain_at >= 0 else 1.0)

    def keep(self, mask: np.ndarray) -> "Predictor":
        """Only the rows of a mask."""
        by_row = [
            name for name in vars(self) if name.startswith(("columns", "value", "persons")) and name != "persons_at"
        ]
        return replace(self, **{name: np.ascontiguousarray(getattr(self, name)[..., mask]) for name in by_row})

    def worth(self, u: np.ndarray) -> np.ndarray:
        """(row,) v + Z u."""
        return combined(self.value, u, self.persons)

    def worth_slope(self, u: np.ndarray) -> np.ndarray:
        """(person, row) derivative of `worth` by u."""
        return self.persons

    def eta(self, x: np.ndarray) -> np.ndarray:
        """(row,) the predictor at a parameter vector."""
        b, u, gain = self._parts(x)
        return combined(gain * self.worth(u), b, self.columns)

    def add_gradient(self, x: np.ndarray, r: np.ndarray, gradient: np.ndarray) -> None:
        """Add the derivatives by the parameter vector to `gradient`; r : (row,) those by eta."""
        _, u, gain = self._parts(x)
        gradient[self.at] += projected(self.columns, r) * (x[self.at] <= self.most)
        gradient[self.persons_at] += gain * projected(self.worth_slope(u), r) * (x[self.persons_at] > self.least)
        if self.gain_at >= 0:
            gradient[self.gain_at] += self.gain * float(r @ self.worth(u))


@compiled(allocates=True)
def combined(constant, weights, columns):
    """(row,) a constant and the weighted sum of (column, row); the same to the bit however many threads there are."""
    found = constant.copy()
    for c in range(weights.shape[0]):
        for r in range(found.shape[0]):
            found[r] += weights[c] * columns[c, r]
    return found


@compiled(allocates=True)
def projected(columns, r):
    """(column,) scalar product of each of (column, row) with (row,)."""
    found = np.zeros(columns.shape[0])
    for c in range(0, columns.shape[0] - 3, 4):  # four sums side by side: one alone waits for each addition
        a, b, d, e = 0.0, 0.0, 0.0, 0.0
        for k in range(r.shape[0]):
            a += columns[c, k] * r[k]
            b += columns[c + 1, k] * r[k]
            d += columns[c + 2, k] * r[k]
            e += columns[c + 3, k] * r[k]
        found[c], found[c + 1], found[c + 2], found[c + 3] = a, b, d, e
    for c in range(columns.shape[0] // 4 * 4, columns.shape[0]):
        for k in range(r.shape[0]):
            found[c] += columns[c, k] * r[k]
    return found


def predictor(
    layout: Layout,
    covariates: dict[str, np.ndarray],
    persons: dict[str, np.ndarray] | None = None,
    value: np.ndarray | float = 0.0,
    gain: str | float = 0.0,
    limits: dict[str, float] | None = None,
    make: type = Predictor,
    **more,
) -> Predictor:
    """A predictor from columns by the names of their parameters.

    Parameters
    ----------
    covariates : name -> (row,) column of X
    persons : name -> (row,) column of Z
    gain : name of g, with a minus sign where it lowers, or its fixed value
    limits : name -> most that a b, or least that a u, counts as; "openness" stands for all leaders
    """
    rows, persons, limits = len(next(iter(covariates.values()))), persons or {}, limits or {}
    named = isinstance(gain, str)
    sign = (-1.0 if gain.startswith("-") else 1.0) if named else float(gain)
    least = [limits.get("openness", -np.inf) if name.startswith("openness.") else 0.0 for name in persons]
    return make(
        _stacked(list(covariates.values()), rows),
        layout.at(covariates),
        np.array([limits.get(name, np.inf) for name in covariates]),
        np.zeros(rows) + value,
        _stacked(list(persons.values()), rows),
        layout.at(persons),
        np.array(least),
        int(layout.at([gain.removeprefix("-")])[0]) if named else -1,
        sign,
        **more,
    )


def _stacked(columns, rows: int) -> np.ndarray:
    return np.array([np.broadcast_to(column, rows) for column in columns], float).reshape(len(columns), rows)


def leader_columns(layout: Layout, *sides: np.ndarray, weight: float = 1.0) -> dict[str, np.ndarray]:
    """Openness of each leader -> (row,) how often it is on the sides (rows of the table of leaders), times a weight."""
    return {name: weight * sum((side == k) * 1.0 for side in sides) for k, name in enumerate(layout.leaders)}


def dispute_columns(
    layout: Layout, states: Sequence[str], state: np.ndarray, shape: np.ndarray, fixed: float, weight: float = 1.0
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Sensitivity of each fitted state -> (row,) what a unit of it adds; and the part of states that are not fitted."""
    own = {f"blocker.{name}": -weight * shape * (state == k) for k, name in enumerate(states)}
    fitted = {name: column for name, column in own.items() if name in layout.names}
    rest = sum((column for name, column in own.items() if name not in layout.names), np.zeros(len(shape)))
    return fitted, max(fixed, 0.0) * rest


def ladder_side(layout: Layout, panel: Panel, rows: LadderRows, side: str, fixed: float, weight: float):
    """What one side, "a" or "b", of each dyad brings into the value of a step: columns of persons and (row,) value."""
    leader, state = getattr(rows, f"leader_{side}"), getattr(rows, f"state_{side}")
    own, rest = dispute_columns(layout, panel.states, state, rows.shape, fixed, weight)
    return leader_columns(layout, leader, weight=weight) | own, weight * getattr(rows, f"value_{side}") + rest


def _named(declared: Declared, covariates: Sequence, rows: int, fitted: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns of X by the names of their coefficients, of those that are fitted as such."""
    columns = dict(zip(declared.coefficients, covariates, strict=True))
    return {name: np.broadcast_to(columns[name], rows).astype(float) for name in fitted}


def ladder_covariates(rows: LadderRows, panel: Panel) -> dict[str, np.ndarray]:
    """Covariates of the shipped hazard by the names of their coefficients."""
    t = rows.month - panel.first
    capacity = 0.5 * (panel.capacity[t, rows.state_a] + panel.capacity[t, rows.state_b])
    # regional process, turbulence and summits are terms of claims and stand at zero
    covariates = plain(step_covariates)(rows.contagion, capacity, rows.declared, True, 0.0, 0.0, False)
    intercepts = ("ladder.friendship", "ladder.partnership", "ladder.alliance", "ladder.declaration")
    of_kind = {name: rows.kind == kind for kind, name in enumerate(intercepts)}
    fitted = ("ladder.contagion", "ladder.capacity", "ladder.declared")
    return of_kind | _named(STEP_RATE, covariates, len(rows), fitted)


def ladder_predictor(layout: Layout, panel: Panel, rows: LadderRows, strength: float) -> Predictor:
    """Steps on the ladder and declarations; strength : sensitivity of states without a fitted one."""
    (one, value_a), (other, value_b) = (ladder_side(layout, panel, rows, side, strength, 0.5) for side in "ab")
    persons = {name: one[name] + other[name] for name in one}
    return predictor(layout, ladder_covariates(rows, panel), persons, value_a + value_b, "ladder.interest")


def answer_predictor(layout: Layout, panel: Panel, rows: AnswerRows, interest: float, strength: float) -> Predictor:
    """Signing log-odds at attitude zero; interest : fixed effect of an accord's value."""
    own, rest = dispute_columns(layout, panel.states, rows.state, rows.shape, strength)
    covariates = _named(
        ANSWER_ODDS, plain(answer_covariates)(rows.share, rows.opened), len(rows), ANSWER_ODDS.coefficients
    )
    covariates |= {f"readiness.{name}": (rows.state == k) * 1.0 for k, name in enumerate(panel.states)}
    return predictor(layout, covariates, leader_columns(layout, rows.leader) | own, rows.value + rest, interest)


def friction_predictor(layout: Layout, rows: FrictionRows) -> Predictor:
    """Frictions of an actor against a target."""
    # openness is that of leaders, who are fitted themselves; deficits of the record are not fitted
    covariates = plain(friction_covariates)(rows.log_odds, 0.0, 0.0)
    covariates = _named(FRICTION_RATE, covariates, len(rows), ("frictions.base", "frictions.distrust"))
    limits = {**FRICTION_RATE.most, "openness": LOWEST_OPENNESS}
    return predictor(layout, covariates, leader_columns(layout, rows.leader), gain="-frictions.openness", limits=limits)


def clash_predictor(layout: Layout, panel: Panel, rows: ClashRows) -> Predictor:
    """Clashes of a section, with the offset of each section that has one."""
    covariates = plain(clash_covariates)(rows.open_km, rows.season, rows.recent, rows.trust)
    covariates = _named(CLASH_RATE, covariates, len(rows), CLASHES)
    sections = {f"clash.{'-'.join(dyad)}": rows.dyad == d for d, dyad in enumerate(panel.dyads)}
    covariates |= {name: column for name, column in sections.items() if name in layout.names}
    return predictor(layout, covariates, limits=CLASH_RATE.most)


def settlement_columns(rows: SettlementRows) -> dict[str, np.ndarray]:
    """Covariates of settlements by the names of their coefficients; openness is that of leaders."""
    covariates = plain(settlement_covariates)(rows.capacity, 0.0, rows.enclave, 0.0, 0.0)
    fitted = [name for name in SETTLEMENTS if name != "borders.settle_openness"]
    return _named(SETTLEMENT_RATE, covariates, len(rows), fitted)


def settlement_predictor(layout: Layout, rows: SettlementRows) -> Predictor:
    """Settlements of a section."""
    persons = leader_columns(layout, rows.leader_a, rows.leader_b)
    return predictor(layout, settlement_columns(rows), persons, gain="borders.settle_openness")
