"""What acts on the states from outside and from above: figures by year, turbulence, powers, offices, rival projects."""

from datetime import date, timedelta

import numpy as np

from sim.engine.layout import MAX_PROJECTS, MAX_YEARS
from sim.facts import ISSUES, Facts
from sim.facts.rows import month_of
from sim.model.schedule import FOREVER
from sim.scenario import Scenario

OUSTERS_SINCE = 1994


def fill_outside(table, scenario: Scenario, facts: Facts, states) -> None:
    """Figures by year; dependence is held beyond its first and last, GDP per head is carried on by the engine.

    GDP per head is known up to the branch, as the volumes of trade are: after it a history has one future of GDP.
    A state without any figure of GDP per head is held in the middle between no capacity and full capacity.
    """
    first_year = scenario.run.start.year
    years = list(range(first_year, first_year + MAX_YEARS))
    table.gdp_per_head[:] = np.nan
    known = facts.index("parameters")
    middle = float(np.sqrt(known["capacity.floor"].value * known["capacity.ceiling"].value))
    for state in states:
        figures = {row.year: row.gdp_per_head for row in facts.capacity if row.state == state}
        known_years = range(first_year, scenario.run.branch.year)
        if not figures:
            figures, known_years = dict.fromkeys(years, middle), years
        # a run that starts before or after all figures begins with the nearest one
        table.gdp_per_head[0, states.index(state)] = figures[min(figures, key=lambda year: abs(year - first_year))]
        for year in figures.keys() & set(known_years):
            table.gdp_per_head[year - first_year, states.index(state)] = figures[year]
    table.turbulence[:] = [turbulence(facts, year) for year in years]
    carry_turbulence_on(table.turbulence, scenario, facts, years)
    for k, power in enumerate(facts.powers):
        for i, state in enumerate(states):
            figures = {r.year: r.share for r in facts.dependence if (r.state, r.power) == (state, power.id)}
            if figures:
                known = sorted(figures)
                table.dependence[:, i, k] = power.pull * np.interp(years, known, [figures[y] for y in known])
    # who was in office when the record ended is not known to a run that branches before
    terms = {} if scenario.run.branch <= facts.record_ends else facts.index("terms")
    for i, row in enumerate(facts.states):
        override = scenario.states.get(row.id)
        own = override.leader_turnover if override else None
        table.turnover[i] = row.leader_turnover if own is None else own
        fill_term(table, i, facts, None if own is not None else terms.get(row.id))
        table.identity[i] = row.initial_elite_identity, row.initial_society_identity
    for row in facts.issue_weights:
        table.issue_weight[states.index(row.state), ISSUES.index(row.issue)] = row.weight


def fill_rivals(table, scenario: Scenario, facts: Facts, states) -> None:
    """Rival projects and who belongs to them; nobody is known to leave after the branch."""
    if len(facts.rival_projects) > MAX_PROJECTS:
        raise ValueError(f"{len(facts.rival_projects)} rival projects; there is room for {MAX_PROJECTS}")
    table.count = len(facts.rival_projects)
    table.since[:] = table.until[:] = FOREVER
    projects, powers = [row.id for row in facts.rival_projects], [row.id for row in facts.powers]
    for k, row in enumerate(facts.rival_projects):
        table.power[k], table.exclusive[k], table.weight[k] = powers.index(row.power), int(row.exclusive), row.weight
        table.founded[k], table.party[k] = month_of(row.founded), [int(state in row.parties) for state in states]
    for row in facts.rival_members:
        place = projects.index(row.project), states.index(row.state)
        table.since[place] = month_of(row.since)
        if row.until and (scenario.later == "known" or row.until < scenario.run.branch):
            table.until[place] = month_of(row.until)


def fill_term(table, i: int, facts: Facts, term) -> None:
    """The term of the holder of an office and the rate of ousters; without a term the flat rate of turnover counts."""
    table.term_end[i] = month_of(term.term_ends) if term else -1
    if term:
        table.term_months[i], table.born[i] = 12 * term.term_years, month_of(term.born)
        table.barred[i], table.heir[i] = int(term.barred), int(term.heir)
        table.unrest[i] = ouster_rate(facts, term.state)


def ouster_rate(facts: Facts, state: str) -> float:
    """Leaders ousted by unrest per year of a state, drawn towards the mean of all.

    A gamma prior with the mean of all states and the weight of one event; years from 1994, after the wars of the first
    years of independence.
    """
    years = facts.record_ends.year + 0.5 - OUSTERS_SINCE
    ousted = [row.state for row in facts.term_ends if row.ended == "unrest" and row.until.year >= OUSTERS_SINCE]
    mean = (len(ousted) + 0.5) / (years * len(facts.states))
    return (1.0 + ousted.count(state)) / (1.0 / mean + years)


def carry_turbulence_on(table, scenario: Scenario, facts: Facts, years: list[int]) -> None:
    """Turbulence at the end of the record fades from then on instead of ending with it, in place.

    The year in which the record ends takes the level of its last twelve months, so that its half-year does not count
    as calm.
    """
    last = facts.record_ends
    level = turbulence_between(facts, last - timedelta(days=364), last)
    kept = scenario.parameters.get("turbulence.persistence", facts.index("parameters")["turbulence.persistence"].value)
    for k, year in enumerate(years):
        if year >= last.year:
            table[k] = level * kept ** (year - last.year)


def turbulence(facts: Facts, year: int) -> float:
    """T of a year: 1 - exp(-sum of the severities of documented shocks, each times the share of the year it lasted)."""
    return turbulence_between(facts, date(year, 1, 1), date(year, 12, 31))


def turbulence_between(facts: Facts, first: date, last: date) -> float:
    """The same of the twelve months from `first` to `last`."""
    total = 0.0
    for shock in facts.shocks:
        begins, ends = max(shock.since, first), min(shock.until, last)
        total += shock.severity * max((ends - begins).days + 1, 0) / 365.25
    return float(1.0 - np.exp(-total))
