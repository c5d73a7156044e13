"""What the rivers mean for states: irrigation deficits, hydropower, winter power deficits, and the damage they do."""

from sim.compiled import compiled


@compiled
def count_users(users, state_of_user, wanted, delivered):
    """Add a month's irrigation to (states,) `wanted` and `delivered` in km3, in place.

    Parameters
    ----------
    users : records of `RiverState.users`
    state_of_user : (users,) state index, -1 = none of the states that are counted
    """
    for d in range(users.shape[0]):
        i = state_of_user[d]
        if i >= 0:
            wanted[i] += users[d].wanted
            delivered[i] += users[d].delivered


@compiled
def count_power(network_nodes, nodes, state_of_node, power):
    """Add the hydropower of a month to (states,) `power` in TWh, in place; water spilled makes no power."""
    for k in range(nodes.shape[0]):
        i = state_of_node[k]
        if i >= 0 and nodes[k].condition > 0:
            power[i] += network_nodes[k].energy_per_water * nodes[k].release


@compiled
def deficit(wanted, delivered):
    """Unmet share of a demand, 0-1; 0 where nothing was wanted."""
    return max(0.0, 1.0 - delivered / wanted) if wanted > 0.0 else 0.0


@compiled
def damage(value, shortfall, exponent):
    """Loss as a share of GDP: `value` is the loss at a full shortfall, `shortfall` 0-1, `exponent` above 1."""
    return value * shortfall**exponent


@compiled
def remember(yearly, monthly, month):
    """Replace the same month of last year in a rolling year and return the sum of the twelve months.

    Parameters
    ----------
    yearly : (12,) values by calendar month, changed in place
    monthly : this month's value
    month : 0-11
    """
    yearly[month] = monthly
    total = 0.0
    for m in range(12):
        total += yearly[m]
    return total
