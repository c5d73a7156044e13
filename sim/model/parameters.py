"""Parameters of members: the table's values, a scenario's overrides, and the draws of what is uncertain.

A fitted parameter differs from member to member by a normal draw around its value (of its logarithm, where the prior is
lognormal), cut to its range; the draw is addressed by the name of the parameter, so that two scenarios give a member
the same parameters unless one of them says otherwise. Under a calibration (`scenario.calibration_file`) a member takes
one row of its joint draws instead, so that parameters, documented leaders and sensitivity to border disputes go
together as the record wants them.
"""

import itertools
from dataclasses import replace

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.random import channel_key, normal_quantile, uniform
from sim.facts import Facts
from sim.model.processes import PROCESSES
from sim.scenario import Scenario
from sim.scenario.calibration_file import Calibration, leader_parameters

MOST_LEADERS = 16  # documented ones of one state
_IRRIGATION = "water.damage_irrigation_"  # and the id of a state: what it loses without any irrigation


def field_of(name: str) -> str:
    """The field of the parameter record that holds a parameter: `trust.decay` -> `trust_decay`."""
    return name.replace(".", "_").replace("-", "_")


def choice(scenario: Scenario, facts: Facts, name: str) -> str:
    """The value of a parameter that is a word, not a number.

    Raises
    ------
    KeyError : no such parameter
    """
    table = {row.name: row for row in facts.parameters}
    return str(scenario.parameters.get(name, table[name].value))


def draw_parameters(scenario: Scenario, facts: Facts, first: int, last: int) -> np.ndarray:
    """The numeric parameters of members first..last-1.

    Returns
    -------
    (member,) structured array with one float field per parameter (see `field_of`); the range, the spread and the source
    of each stand in the table of parameters; and `leader_openness` (state, ordinal), `blocker_strength` (state,),
    `readiness` (state,), `clash_offset` (dyad,) and `dispute_offset` (downstream, upstream state; all neighbours
    without treaty agency last), nan where no calibration speaks of them; `irrigation_damage` (state,), 0 for a state
    without such a parameter; and for each predictor that a process declares its coefficients once more, in their order
    and cut at their most
    """
    rows = [row for row in facts.parameters if not row.choices]
    fields = [(field_of(row.name), np.float64) for row in rows]
    n_states = len(facts.states)
    persons = [
        ("leader_openness", np.float64, (n_states, MOST_LEADERS)),
        ("blocker_strength", np.float64, (n_states,)),
        ("readiness", np.float64, (n_states,)),
        ("clash_offset", np.float64, (n_states * (n_states - 1) // 2,)),
        ("dispute_offset", np.float64, (n_states, n_states + 1)),
        ("irrigation_damage", np.float64, (n_states,)),
    ]
    predictors = [predictor for process in PROCESSES for predictor in process.predictors]
    rows_of = [(f"{one.name}_coefficients", np.float64, (len(one.coefficients),)) for one in predictors]
    drawn = np.empty(last - first, dtype=fields + persons + rows_of).view(np.recarray)
    calibration = scenario.calibration.read() if scenario.calibration else None
    joint = _joint_rows(calibration, scenario.run.seed, first, last)
    _set_persons(drawn, scenario, facts, joint)
    for row in rows:
        column = np.asarray(drawn[field_of(row.name)])
        if row.name in scenario.parameters:
            column[:] = scenario.parameters[row.name]
        elif row.name in joint:
            uncertain = scenario.run.parameter_uncertainty
            column[:] = joint[row.name] if uncertain else calibration.draws[:, calibration.names.index(row.name)].mean()
        elif scenario.run.parameter_uncertainty and row.spread:
            key = channel_key(scenario.run.seed, f"parameter:{row.name}")
            if row.prior.startswith("lognormal"):
                _draw_normal(column, key, first, np.log(row.value), row.spread)
                np.exp(column, out=column)
            else:
                _draw_normal(column, key, first, row.value, row.spread)
            np.clip(column, row.lower, row.upper, out=column)
        else:
            column[:] = row.value
    for k, state in enumerate(facts.states):
        name = field_of(f"{_IRRIGATION}{state.id}")
        drawn["irrigation_damage"][:, k] = drawn[name] if name in drawn.dtype.names else 0.0
    for one in predictors:
        columns = [np.minimum(drawn[field_of(name)], one.most.get(name, np.inf)) for name in one.coefficients]
        drawn[f"{one.name}_coefficients"] = np.stack(columns, axis=1)
    return drawn


def central_parameters(scenario: Scenario, facts: Facts) -> np.record:
    """One row of parameters without any draw: the table's values and the scenario's overrides."""
    still = replace(scenario, run=scenario.run.model_copy(update={"parameter_uncertainty": False}))
    return draw_parameters(still, facts, 0, 1)[0]


def drawn_names(scenario: Scenario, facts: Facts) -> list[str]:
    """Names of the parameters that differ from member to member."""
    if not scenario.run.parameter_uncertainty:
        return []
    calibrated = scenario.calibration.read().names if scenario.calibration else ()
    return [
        row.name
        for row in facts.parameters
        if (row.spread or row.name in calibrated) and row.name not in scenario.parameters
    ]


def _joint_rows(calibration: Calibration | None, seed: int, first: int, last: int) -> dict[str, np.ndarray]:
    """Name -> (member,) values of the row of the calibration that falls to each member."""
    if calibration is None:
        return {}
    key, draws = channel_key(seed, "calibration"), np.empty(last - first)
    _draw_uniform(draws, key, first)
    rows = (draws * len(calibration.draws)).astype(np.int64)
    return {name: calibration.draws[rows, k] for k, name in enumerate(calibration.names)}


def _set_persons(drawn, scenario: Scenario, facts: Facts, joint: dict[str, np.ndarray]) -> None:
    """Documented leaders, sensitivities and border sections that a calibration has fitted; nan for all others."""
    for name in ("leader_openness", "blocker_strength", "readiness", "clash_offset", "dispute_offset"):
        drawn[name] = np.nan
    states = [row.id for row in facts.states]
    count = dict.fromkeys(states, 0)
    for name, leader in zip(leader_parameters(facts), facts.leaders):
        if name in joint:
            drawn["leader_openness"][:, states.index(leader.state), count[leader.state]] = joint[name]
        count[leader.state] += 1
    for d, dyad in enumerate(itertools.combinations(states, 2)):
        if f"clash.{'-'.join(dyad)}" in joint:
            drawn["clash_offset"][:, d] = joint[f"clash.{'-'.join(dyad)}"]
    for down, up in {(row.downstream, row.upstream) for row in facts.river_pairs}:
        if f"dispute.{down}-{up}" in joint and down in states:
            place = states.index(up) if up in states else -1
            drawn["dispute_offset"][:, states.index(down), place] = joint[f"dispute.{down}-{up}"]
    for k, state in enumerate(states):
        if f"readiness.{state}" in joint and "accords.state_sd" not in scenario.parameters:
            drawn["readiness"][:, k] = joint[f"readiness.{state}"]
    if not {"border.blocker", "border.blocker_sd"} & scenario.parameters.keys():
        for k, state in enumerate(states):
            if f"blocker.{state}" in joint:
                drawn["blocker_strength"][:, k] = joint[f"blocker.{state}"]


@compiled
def _draw_uniform(column, key, first):
    for k in range(column.shape[0]):
        column[k] = uniform(key, 0, 0, first + k)


@compiled
def _draw_normal(column, key, first, mean, spread):
    for k in range(column.shape[0]):
        column[k] = mean + spread * normal_quantile(uniform(key, 0, 0, first + k))
