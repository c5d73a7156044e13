"""Parameters of members: the table's values, a scenario's overrides, and the draws of what is uncertain.

A fitted parameter differs from member to member by a normal draw around its value (of its logarithm, where the prior is
lognormal), cut to its range; its luck is keyed by its name like any other chance, so that two scenarios give a member
the same parameters unless one of them says otherwise.
"""

from dataclasses import replace

import numpy as np

from sim.chance import channel_key, normal_quantile, uniform
from sim.compiled import compiled
from sim.facts import Facts
from sim.scenario import Scenario


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
    of each stand in the table of parameters
    """
    rows = [row for row in facts.parameters if not row.choices]
    fields = [(field_of(row.name), np.float64) for row in rows]
    drawn = np.empty(last - first, dtype=fields).view(np.recarray)
    for row in rows:
        column = np.asarray(drawn[field_of(row.name)])
        if row.name in scenario.parameters:
            column[:] = scenario.parameters[row.name]
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
    return drawn


def central_parameters(scenario: Scenario, facts: Facts) -> np.record:
    """One row of parameters without any draw: the table's values and the scenario's overrides."""
    still = replace(scenario, run=scenario.run.model_copy(update={"parameter_uncertainty": False}))
    return draw_parameters(still, facts, 0, 1)[0]


def drawn_names(scenario: Scenario, facts: Facts) -> list[str]:
    """Names of the parameters that differ from member to member."""
    if not scenario.run.parameter_uncertainty:
        return []
    return [row.name for row in facts.parameters if row.spread and row.name not in scenario.parameters]


@compiled
def _draw_normal(column, key, first, mean, spread):
    for k in range(column.shape[0]):
        column[k] = mean + spread * normal_quantile(uniform(key, 0, 0, first + k))
