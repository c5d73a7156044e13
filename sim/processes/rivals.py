"""Rival regions: projects led from outside that seek the same states, and a power that joins in order to absorb.

A project has members; what holds a state to its projects may move what
it signs with its neighbours and how its elites see the region. A power whose project shuts other unions out may join a
regional format and absorb it: the sooner, the more the members depend on it and the weaker they are. Every effect is
zero unless a scenario or a claim sets it.
"""

import math

from sim.engine.compiled import compiled
from sim.engine.event_log import write_event
from sim.engine.event_types import CODE
from sim.engine.process import Channel, Field, Process
from sim.engine.random import uniform

PROCESS = Process(
    "rivals",
    state={
        "rivals": (
            Field("member", ("project", "state"), 0, "0/1, belongs to the project", whole=True),
            Field("hold", ("state",), 0.0, "how far rival projects hold a state, 0 to 1"),
            Field("documented_until", (), 0, "month up to which documented members stay as they are", whole=True),
            Field("inside", (), -1, "project whose power sits in the regional format, -1 none", whole=True),
        )
    },
    channels=(Channel("rival", "rival:{project}:{state}", ("project", "state")),),
    parameters=("rivals", "absorption"),
)

JOINS_RIVAL = CODE["joins-rival"]
POWER_JOINS = CODE["power-joins"]
NEVER = 10**6


@compiled
def held_by(missing, weight):
    """What is left of a state's freedom once one more project of this weight, 0-1, holds it."""
    return missing * (1.0 - weight)


@compiled
def chance_of_joining(rate, dependence, openness_to_rivals, share):
    """Chance that a project wins a state in a share of a year.

    Parameters
    ----------
    rate : per year, for a state that depends on nobody else
    dependence : share of the state's outside ties with the power that leads the project, times how hard it pulls
    openness_to_rivals : 1 less what regional identity takes away
    """
    return 1.0 - math.exp(-rate * dependence * max(openness_to_rivals, 0.0) * share)


@compiled
def exposure(dependence, pull, capacity, party):
    """How open a format lies to one power: the mean over its states of dependence x pull x (1 - capacity).

    Parameters
    ----------
    dependence, capacity, party : (state,), in [0, 1]; party 0/1
    pull : how hard the power uses its weight; 1 as documented
    """
    total = 0.0
    states = 0
    for i in range(party.shape[0]):
        if party[i] == 1:
            total += dependence[i] * pull * (1.0 - capacity[i])
            states += 1
    return total / states


@compiled
def strongest_exposure(region, inputs, summit_format, month):
    """Project with a union of its own to which a regional format lies most open, and how open; (-1, 0) if none."""
    found = -1
    most = 0.0
    year = month // 12 - inputs.clock.first_year
    for k in range(inputs.rivals.count):
        if inputs.rivals.exclusive[k] == 1:
            power = inputs.rivals.power[k]
            open_to = exposure(
                inputs.outside.dependence[year, :, power],
                region.environment.pull_factor[power],
                region.polity.capacity,
                inputs.formats.party[summit_format],
            )
            if open_to > most:
                found = k
                most = open_to
    return found, most


@compiled
def is_absorbed(region, inputs, params, month, summit_format, joins, absorbs, log):
    """Whether the power that sits in a regional format absorbs it in the rest of this year; else one may join it.

    Parameters
    ----------
    joins, absorbs : in (0, 1), the member's random numbers of the year
    """
    if params.absorption_joining == 0.0:
        return False
    rival, open_to = strongest_exposure(region, inputs, summit_format, month)
    if rival < 0:
        return False
    share = (12 - month % 12) / 12.0
    if region.rivals.inside >= 0:
        return absorbs < 1.0 - math.exp(-params.absorption_ending * open_to * share)
    if joins < 1.0 - math.exp(-params.absorption_joining * open_to * share):
        region.rivals.inside = rival
        write_event(log, month, POWER_JOINS, -1, -1, inputs.rivals.power[rival], 0.0)
    return False


@compiled
def step_rivals(region, inputs, params, member, month, log):
    """Who belongs to which project, documented before the branch and won over after it, and what holds each state."""
    rivals, table = region.rivals, inputs.rivals
    won_over = month >= inputs.clock.branch and params.rivals_rate > 0.0
    if (won_over and month % 12 != 0) or (not won_over and month < rivals.documented_until):
        return
    rivals.documented_until = next_change(table, month)
    for i in range(rivals.hold.shape[0]):
        missing = 1.0
        for k in range(table.count):
            if not won_over:
                rivals.member[k, i] = 1 if table.since[k, i] <= month < table.until[k, i] else 0
            elif month % 12 == 0 and rivals.member[k, i] == 0:
                win_over(region, inputs, params, member, month, k, i, log)
            if rivals.member[k, i] == 1:
                missing = held_by(missing, table.weight[k])
        rivals.hold[i] = 1.0 - missing


@compiled
def next_change(table, month):
    """The first month after this one in which a state enters or leaves a project, as documented."""
    found = NEVER
    for k in range(table.count):
        for i in range(table.since.shape[1]):
            if month < table.since[k, i] < found:
                found = table.since[k, i]
            if month < table.until[k, i] < found:
                found = table.until[k, i]
    return found


@compiled
def win_over(region, inputs, params, member, month, project, state, log):
    """A project that seeks a state may win it this year, in place."""
    table, power = inputs.rivals, inputs.rivals.power[project]
    if table.party[project, state] == 0 or month < table.founded[project]:
        return
    dependence = inputs.outside.dependence[month // 12 - inputs.clock.first_year, state, power]
    chance = chance_of_joining(
        params.rivals_rate,
        dependence * region.environment.pull_factor[power],
        1.0 - params.rivals_regional * region.polity.elite[state],
        1.0,
    )
    if uniform(inputs.channels.rival[project, state], 0, month // 12, member) < chance:
        region.rivals.member[project, state] = 1
        write_event(log, month, JOINS_RIVAL, state, -1, power, 0.0)
