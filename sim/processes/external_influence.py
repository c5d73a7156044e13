"""What the world outside brings: capacity from income, the pull of outside powers, turbulence.

All of it is imposed: documented by year, carried on after the last figure, changed by dated events of a scenario.
"""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.event_types import CODE
from sim.engine.process import Field, Process
from sim.processes.trade.growth import expected_growth

PROCESS = Process(
    "external_influence",
    state={
        "polity": (
            Field("capacity", ("state",), 0.0, "State capacity from GDP per head."),
            Field("capacity_frozen_until", ("state",), 0, "month up to which capacity stays where it is", whole=True),
        ),
        "environment": (
            Field("pull_factor", ("power",), 1.0, "how hard a power uses its weight; 1 as documented"),
            Field("group_share", ("power",), 0.0, "share of its top contacts held with the group"),
            Field("pull", ("state",), 0.0, "Pull of outside powers."),
            Field("effort", (), 0.0, "effort with single capitals beyond what is documented"),
            Field("turbulence", (), 0.0, "turbulence of the year, 0 to 1"),
            Field("turbulence_set", (), np.nan, "level a scenario holds; nan if none"),
        ),
    },
    parameters=("capacity", "powers", "sponsors", "turbulence"),
)

PULL = CODE["pull"]
PULL_RESTORED = CODE["pull-restored"]
GROUP_SHARE = CODE["group-share"]
TURBULENCE = CODE["turbulence"]
CAPACITY_FROZEN = CODE["capacity-frozen"]
_PEOPLE_YEARS = 10


@compiled
def capacity_index(gdp_per_head, floor, ceiling):
    """Capacity C: log GDP per head between a floor and a ceiling, cut to [0, 1].

    Parameters
    ----------
    gdp_per_head, floor, ceiling : constant 2021 international dollars at purchasing power parity
    """
    share = (math.log(gdp_per_head) - math.log(floor)) / (math.log(ceiling) - math.log(floor))
    return min(max(share, 0.0), 1.0)


@compiled
def external_pull(dependence, pull, group_share, group_effect):
    """E: how hard outside powers pull on one state.

    Parameters
    ----------
    dependence : (power,), share of the state's outside ties with each power, 0-1
    pull : (power,), how hard the power uses it; 1 documented, scenarios change it
    group_share : (power,), share of the power's top contacts held with the region as a group, 0-1
    group_effect : g, share of the pull that group contacts take away; 0-1
    """
    total = 0.0
    for power in range(dependence.shape[0]):
        total += dependence[power] * pull[power] * (1.0 - group_effect * group_share[power])
    return total


@compiled
def extra_effort(pull, group_share):
    """What outside powers spend on single capitals beyond what is documented; 1 is the doubled effort of one power.

    Parameters
    ----------
    pull : (power,), how hard each uses its weight; 1 as documented
    group_share : (power,), share of its contacts held with the region as a group, 0-1
    """
    total = 0.0
    for power in range(pull.shape[0]):
        total += (pull[power] - 1.0) * (1.0 - group_share[power])
    return total


@compiled
def process_after_outside_summit(process, gain):
    """R after a summit of five plus one: moved towards one by a share of the gap, or down by a share if below zero."""
    if gain >= 0.0:
        return process + min(gain, 1.0) * (1.0 - process)
    return process * (1.0 + max(gain, -1.0))


@compiled
def set_capacity(polity, commerce, inputs, params, month):
    """Capacity of the year, in place: documented GDP per head, then that of the member's own future."""
    figures = inputs.outside.gdp_per_head
    row = month // 12 - inputs.clock.first_year
    for i in range(polity.capacity.shape[0]):
        if month >= polity.capacity_frozen_until[i]:
            last = row
            while np.isnan(figures[last, i]):
                last -= 1
            volume = inputs.trade.log_volume[row, i]
            if np.isnan(volume):  # as it is expected in January; before the branch for all members alike
                drawn = expected_growth(commerce, inputs.trade, row, i)
                growth = drawn if month >= inputs.clock.branch else inputs.trade.growth[i]
                volume = commerce.log_volume[i] + growth
            growth = growth_per_head(figures[:, i], inputs.trade.log_volume[:, i], volume, last, row, params)
            gdp = figures[last, i] * math.exp(growth)
            polity.capacity[i] = capacity_index(gdp, params.capacity_floor, params.capacity_ceiling)


@compiled
def growth_per_head(figures, volumes, volume, last, row, params):
    """Growth of one state's GDP per head since its last figure, log points: that of its volume less that of its people.

    People go on as they did, by volume and GDP per head, in the ten years up to the figure. The volume is the one that
    trade simulates, so that a history has one future of GDP. Without a record of both, `capacity.growth` a year.

    Parameters
    ----------
    figures : (year,), GDP per head, nan without a figure
    volumes : (year,), log of the volume of GDP on record, nan without a figure; volume : that of the year
    last, row : year of the last figure and this one, counted from the run's first
    """
    first = max(last - _PEOPLE_YEARS, 0)
    while first < last and (np.isnan(figures[first]) or np.isnan(volumes[first])):
        first += 1
    if last == row:
        return 0.0
    if first == last or np.isnan(volumes[last]):
        return params.capacity_growth * (row - last)
    people = (volumes[last] - volumes[first] - math.log(figures[last] / figures[first])) / (last - first)
    return volume - volumes[last] - people * (row - last)


@compiled
def set_pull(region, inputs, params, month, dated):
    """How hard outside powers pull on each state, in place; it moves with the year and with dated events."""
    environment = region.environment
    if month % 12 != 0 and month != inputs.clock.start and dated == 0:
        return
    dependence = inputs.outside.dependence[month // 12 - inputs.clock.first_year]
    for i in range(environment.pull.shape[0]):
        environment.pull[i] = external_pull(
            dependence[i], environment.pull_factor, environment.group_share, params.powers_group_effect
        )
    environment.effort = extra_effort(environment.pull_factor, environment.group_share)


@compiled
def apply(event, region):
    """A dated change of an outside power, of turbulence, or of what holds capacity where it is, in place."""
    environment = region.environment
    if event.kind == PULL:
        environment.pull_factor[event.subject] *= event.value
    elif event.kind == PULL_RESTORED:
        environment.pull_factor[event.subject] /= event.value
    elif event.kind == GROUP_SHARE:
        environment.group_share[event.subject] = event.value
    elif event.kind == TURBULENCE:
        environment.turbulence_set = event.value
    elif event.kind == CAPACITY_FROZEN:
        region.polity.capacity_frozen_until[event.a] = int(event.value)


@compiled
def set_turbulence(region, inputs, month):
    """Turbulence of the year, documented or held by a scenario, in place."""
    held = region.environment.turbulence_set
    documented = inputs.outside.turbulence[month // 12 - inputs.clock.first_year]
    region.environment.turbulence = documented if np.isnan(held) else held
