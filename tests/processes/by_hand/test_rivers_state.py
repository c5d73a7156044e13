"""Room for the rivers, and what goes from one member's into another's."""

import numpy as np

from by_hand.small_rivers import small_rivers
from sim.engine.layout import records
from sim.facts import load_rivers
from sim.processes.rivers.network import NODE, OPERATING, SECTION, USER, Network
from sim.processes.rivers.state import (
    FIRST_RECORDED,
    RECORDED_YEARS,
    RiverSizes,
    copy_rivers,
    empty_rivers,
    new_state,
    river_axes,
)

SIZES = RiverSizes(
    nodes=3, users=4, sections=5, basins=6, groups=7, dams=8, accounts=9, pairs=10, states=11, storages=12, sinks=13
)

#: What a month leaves for the next, or for those that are reckoned up later.
CARRIED = {
    "shock", "factor", "volume", "share", "agreed", "released", "compliance", "wanted_by_month", "delivered_by_month",
    "season_deficit", "power", "winter_months", "power_deficit", "power_short", "flood", "year_flow", "year_wanted",
    "year_delivered",
}  # fmt: skip


def test_the_record_lies_in_the_years_that_have_room():
    years = {row.year for row in load_rivers().inflow_years}
    assert min(years) >= FIRST_RECORDED and max(years) < FIRST_RECORDED + RECORDED_YEARS


def test_axes_have_as_many_entries_as_there_are():
    axes = river_axes(SIZES, 2)
    own = {"node": 3, "user": 4, "basin": 6, "group": 7, "dam": 8, "account": 9, "riparians": 10}
    assert {name: axes[name] for name in own} == own
    assert axes["normal"] == 1 + 6 + 7 and axes["state"] == 2 and axes["month"] == 12


def test_empty_rivers_are_dry():
    flows, account = empty_rivers(SIZES, 2)
    assert [len(each) for each in flows.item()] == [3, 4, 5, 6]
    assert account.wanted_by_month.shape == (9, 12) and account.season_deficit.shape == (2,)
    assert not any(np.any(account[name]) for name in account.dtype.names)


def test_a_new_state_has_every_dam_in_service():
    nodes, users, sections = records(3, NODE), records(2, USER), records(4, SECTION)
    nodes["basin"] = [0, 2, 1]
    state = new_state(Network(nodes, None, users, None, None, sections, None, None))
    assert state.nodes["condition"].tolist() == [OPERATING] * 3 and not state.nodes["storage"].any()
    assert len(state.users) == 2 and state.shares.tolist() == [1.0] * 4 and len(state.basins) == 3
    assert len(new_state(Network(records(0, NODE), None, users, None, None, sections, None, None)).basins) == 0


def numbered(rivers, start):
    """Other numbers in every place."""
    n = start
    for record in (rivers.flows.nodes, rivers.flows.users, rivers.flows.basins, rivers.account):
        for name in record.dtype.names:
            values = np.atleast_1d(record[name])
            record[name] = np.reshape(n + np.arange(values.size), np.shape(record[name]))
            n += values.size
    rivers.flows.shares[:] = n + np.arange(len(rivers.flows.shares))


def test_what_is_carried_from_one_member_into_another():
    nodes, users = [{}, {}, {}], [{"node": 0}, {"node": 1}]
    sizes = {"basins": 2, "accounts": 3, "dams": 2}
    (_, source), (_, target) = (small_rivers(nodes, users, [(0, 1, 0.0)], **sizes) for _ in range(2))
    numbered(source, 1000)
    numbered(target, 9000)
    copy_rivers(source, target)
    for part in ("nodes", "users", "basins", "shares"):
        assert (target.flows[part] == source.flows[part]).all(), part
    same = {name for name in source.account.dtype.names if np.all(source.account[name] == target.account[name])}
    assert same == CARRIED
