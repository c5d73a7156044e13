"""What a run keeps of the rivers, name by name and number by number."""

import numpy as np
import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import Some
from sim.processes.rivers.network import FIRST, Names
from sim.processes.rivers.recording import (
    river_monthly_series,
    river_yearly_series,
    write_river_month,
    write_river_year,
)


@pytest.fixture
def facts():
    """A dam whose state decides, one that follows a curve, a sea; a canal that is served first and fields."""
    rules = {"high": "decision", "low": "guide", "sea": "", "canal": "first", "fields": ""}
    watched = [("storage", "low", "lower_lake"), ("inflow", "sea", "the_sea"), ("storage", "high", "upper_lake")]
    return Some(
        nodes={name: Some(rule=rule) for name, rule in rules.items()},
        watched=[Some(series=series, node=node, name=name) for series, node, name in watched],
    )


def test_names_of_monthly_series(facts):
    assert river_monthly_series(facts, ("XX", "YY")) == [
        "deficit.XX", "deficit.YY", "storage.lower_lake", "storage.upper_lake", "inflow.the_sea",
    ]  # fmt: skip


def test_names_of_yearly_series(facts):
    names = Names(("high", "low", "sea"), ("canal", "fields"), ("stretch",), ("basin",))
    assert river_yearly_series(facts, names, ("XX",)) == [
        "deficit_year.XX", "power_deficit.XX", "loss_water.XX", "loss_energy.XX", "compliance.high",
        "performance.basin", "flow.high", "flow.low", "flow.sea", "served.fields", "taken.canal",
    ]  # fmt: skip


@pytest.fixture
def rivers():
    """Three states, of which the last and the first are on the rivers, in that order; canals and fields by turns."""
    nodes = [{"storage": 10.0 * k, "arrived": float(k)} for k in (1, 2, 3)]
    users = [{"node": 0, "demand": 1.0}, {"node": 0, "kind": FIRST}] * 2
    given, rivers = small_rivers(nodes, users, states=3, on_rivers=2, dams=2, basins=2, storages=2, sinks=2)
    given.table.river_state[:], given.table.storage_node[:], given.table.sink_node[:] = [2, 0], [2, 0], [1, 2]
    return given, rivers


def test_a_month_is_written_in_the_order_of_its_names(rivers):
    given, member = rivers
    member.account.month_deficit[:] = [0.1, 0.2, 0.3]
    line = np.full(8, 9.0)
    write_river_month(member, given, line)
    assert line.tolist() == [0.3, 0.1, 30.0, 10.0, 2.0, 3.0, 9.0, 9.0]


def test_a_year_is_written_in_the_order_of_its_names(rivers):
    """Of the fields the first get half of a half; the others want nothing: served in full. Canals take 5 and 6."""
    given, member = rivers
    account = member.account
    for n, field in enumerate(("year_deficit", "power_deficit", "loss_water", "loss_energy")):
        getattr(account, field)[:] = [n + 0.1, n + 0.2, n + 0.3]
    account.compliance[:], account.performance[:], account.year_flow[:] = [0.5, 0.6], [0.7, 0.8], [11.0, 12.0, 13.0]
    account.year_wanted[:], account.year_delivered[:] = [0.5, 8.0, 0.0, 8.0], [0.25, 5.0, 0.0, 6.0]
    line = np.full(23, 99.0)
    write_river_year(member, given, line, 2)
    by_state = [0.3, 0.1, 1.3, 1.1, 2.3, 2.1, 3.3, 3.1]
    assert line.tolist() == [99, 99, *by_state, 0.5, 0.6, 0.7, 0.8, 11, 12, 13, 0.5, 1.0, 5.0, 6.0, 99, 99]
