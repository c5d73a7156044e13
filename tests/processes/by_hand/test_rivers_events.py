"""Dated events on the rivers: recorded disputes, and the lines of what a scenario does."""

import pytest

from by_hand.three_states import Some
from by_hand.two_rivers import STATES, two_rivers
from sim.processes.rivers import inputs


@pytest.fixture
def world():
    return inputs.gather_rivers(two_rivers(), STATES)


def test_recorded_disputes_before_the_branch():
    """Those between states of the run; a month before the start counts for the start."""
    row = Some(
        date=Some(year=2010, month=6), is_dispute=True, downstream="BB", upstream="AA", intensity=-3.0, events=("e1",)
    )
    rows = [
        row,
        Some(**row.__dict__ | {"events": (), "date": Some(year=1990, month=12), "intensity": -1.0}),
        Some(**row.__dict__ | {"is_dispute": False}),
        Some(**row.__dict__ | {"upstream": "ZZ"}),
        Some(**row.__dict__ | {"downstream": "ZZ"}),
        Some(**row.__dict__ | {"date": Some(year=2012, month=1)}),
    ]
    facts, state = Some(disputes=rows), {"AA": 4, "BB": 2}
    june = 2010 * 12 + 5
    found = inputs.documented_disputes(facts, state, 2000 * 12, 2012 * 12)
    assert found == [(june, [2, 4], -3, True), (2000 * 12, [2, 4], -1, False)]
    assert inputs.documented_disputes(facts, state, 1990 * 12, june)[0][0] == 1990 * 12 + 11
    assert len(inputs.documented_disputes(facts, state, 1990 * 12, june)) == 1
    assert len(inputs.documented_disputes(facts, state, 1990 * 12, june + 1)) == 2


MONTH, UNTIL, END = 300, 310, 320


def lines(world, kind, until=None, **event):
    return list(inputs.river_rows(Some(kind=kind, **event), MONTH, until, world, END))


def test_lines_of_a_dam(world):
    dam = world.names.nodes.index("new_dam")
    event = {"kind": "dam-filling", "node": "new_dam"}
    assert lines(world, **event, years=3.0, own_share=True) == [(MONTH, "dam", dam, inputs.OWN_SHARE, 3.0)]
    found = lines(world, **event, years=None, own_share=False)
    assert found == [(MONTH, "dam", dam, inputs.OF_THE_RIVER, 7.0)], "as the table says"
    assert inputs.OWN_SHARE != inputs.OF_THE_RIVER


def test_lines_of_a_drought(world):
    assert lines(world, "drought", basin="south", factor=0.5) == [(MONTH, "drought", 1, -1, 0.5)]
    found = lines(world, "drought", UNTIL, basin="all", factor=0.5)
    assert sorted(found) == [(MONTH, "drought", inputs.ALL, -1, 0.5), (UNTIL, "drought", inputs.ALL, -1, 2.0)]
    assert inputs.ALL < 0


def test_lines_of_a_trend(world):
    """Given for a decade, kept for a year."""
    found = lines(world, "inflow-trend", UNTIL, basin="north", change=0.5)
    assert sorted(found) == [(MONTH, "inflow-trend", 0, -1, 0.05), (UNTIL, "inflow-trend", 0, -1, -0.05)]
    assert len(lines(world, "inflow-trend", basin="north", change=0.5)) == 1


@pytest.mark.parametrize(
    ("kind", "event", "line", "amount", "after"),
    [
        ("release-cut", {"km3": 3.0}, "release-change", -3.0, 3.0),
        ("barter", {"million_usd": 50.0}, "barter", 50.0, inputs.USUAL),
        ("transfer", {"million_usd": 50.0}, "transfer", 50.0, 0.0),
    ],
)
def test_lines_of_what_is_asked_of_a_dam(world, kind, event, line, amount, after):
    assert inputs.USUAL < 0.0, "no barter"
    assert lines(world, kind, node="lake", **event) == [(MONTH, line, 1, -1, amount)]
    found = lines(world, kind, UNTIL, node="lake", **event)
    assert sorted(found) == [(MONTH, line, 1, -1, amount), (UNTIL, line, 1, -1, after)]


def taken(world, until=None, **event):
    event = {"node": "canal", "km3_per_year": None, "share_of_flow": None, "ramp_months": 0} | event
    found = lines(world, "withdrawal", until, **event)
    assert {(kind, user) for _, kind, user, _, _ in found} == {("diversion", world.names.users.index("canal"))}
    hows = {how for *_, how, _ in found}
    return hows.pop() if len(hows) == 1 else hows, [(month, amount) for month, *_, amount in found]


def test_lines_of_a_canal(world):
    assert taken(world, km3_per_year=6.0) == (inputs.BY_VOLUME, [(MONTH, 6.0)])
    assert taken(world, share_of_flow=0.25) == (inputs.BY_SHARE, [(MONTH, 0.25)])
    assert taken(world, km3_per_year=0.0) == (inputs.BY_VOLUME, [(MONTH, 0.0)])
    assert taken(world, UNTIL, km3_per_year=6.0)[1] == [(MONTH, 6.0), (UNTIL, 0.0)]
    assert taken(world, UNTIL, share_of_flow=0.25) == (inputs.BY_SHARE, [(MONTH, 0.25), (UNTIL, 0.0)])
    assert inputs.BY_VOLUME != inputs.BY_SHARE


def test_a_canal_that_grows(world):
    """By a third of 6 km3 a month; what would come after the end, or after the run, is left out."""
    assert taken(world, km3_per_year=6.0, ramp_months=3)[1] == [(MONTH, 2.0), (MONTH + 1, 4.0), (MONTH + 2, 6.0)]
    found = taken(world, MONTH + 2, km3_per_year=6.0, ramp_months=3)[1]
    assert found == [(MONTH, 2.0), (MONTH + 1, 4.0), (MONTH + 2, 0.0)]
    long = taken(world, km3_per_year=42.0, ramp_months=42)[1]
    assert long == [(MONTH + k, k + 1.0) for k in range(END - MONTH + 1)]
    long = taken(world, END + 5, km3_per_year=42.0, ramp_months=42)[1]
    assert long[-2:] == [(END, 21.0), (END + 5, 0.0)]


def test_kinds_of_event_on_rivers_all_have_lines(world):
    """A kind that is not known here is an error, not silence."""
    with pytest.raises(KeyError, match="rain-dance"):
        lines(world, "rain-dance", node="lake")
    assert len(set(inputs.RIVER_EVENTS)) == 7
