"""Interest: what an instrument is worth to a state.

Expected gain under trust less the risk of being cheated, the cost of sovereignty pooled by a state that is still being
built, the pull of outside powers and an open border dispute, plus the openness of whoever governs (Kydd 2005;
Moravcsik 1998 for issue-specific gains; ripeness of disputes after Zartman 2000).

V = trust * G - (1 - trust) * k * q - q * (1 - C) - alpha * E * q - B + o
"""

import math

from sim.compiled import compiled


@compiled
def issue_gain(gains, content, depth, scale):
    """Gain G of one instrument for one state: its depth times how far its content meets the state's gains.

    Parameters
    ----------
    gains : (issue,), the state's gain per issue; documented issue weights (sum 1) until a mechanism supplies figures
    content : (issue,), the instrument's issue shares, sum 1
    depth : q in [0.2, 1]
    scale : number of issues, so that a state with equal weights gains exactly the depth
    """
    total = 0.0
    for issue in range(gains.shape[0]):
        total += gains[issue] * content[issue]
    return depth * scale * total


@compiled
def sovereignty_cost(depth, capacity):
    """q (1 - C): what pooling costs a state of capacity C in [0, 1]."""
    return depth * (1.0 - capacity)


@compiled
def blocker(strength, unsettled, clash_month, month, memory):
    """B for one border: the unsettled share, weighted down with the months since the last clash.

    Parameters
    ----------
    strength : b_i, the state's own sensitivity
    unsettled : share of the line not settled, 0-1
    clash_month : absolute month of the last clash, negative if none
    month : absolute month
    memory : months after which a clash weighs 1/e
    """
    if clash_month < 0 or unsettled <= 0.0:
        return 0.0
    return strength * unsettled * math.exp(-(month - clash_month) / memory)


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
