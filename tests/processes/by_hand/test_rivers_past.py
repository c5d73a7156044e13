"""The rivers before the branch: what is put in, what is decided, what the past had been short of."""

import numpy as np
import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import Some
from sim.engine.months import DECEMBER, MARCH, OCTOBER, SEPTEMBER
from sim.processes.rivers import past
from sim.processes.rivers.past import FIRST_MONTH
from sim.processes.rivers.release_policy import FIRST_RIVER, SECOND_RIVER

START, BRANCH = FIRST_MONTH + 24, FIRST_MONTH + 48
MEMBER = 7


@pytest.fixture
def calls():
    return []


@pytest.fixture
def put(monkeypatch, calls):
    """Put a function that keeps its name and some of its arguments in the place of one that `past` calls."""

    def put(name, *kept, do=lambda *given: None):
        def called(*given):
            calls.append((name, *(given[k] for k in kept)))
            return do(*given)

        monkeypatch.setattr(past, name, called)

    return put


@pytest.fixture
def rivers():
    given, rivers = small_rivers([{"storage": 1.0}, {"storage": 2.0}], dams=2)
    given.start.flows.nodes["storage"] = 5.0
    given.table.dam_river[:], given.table.dam_key[:, 0] = [FIRST_RIVER, SECOND_RIVER], [1, 2]
    return given, rivers


@pytest.fixture
def place(region, inputs, rivers):
    inputs.rivers, region.rivers = rivers
    inputs.clock = Some(start=START, branch=BRANCH, end=BRANCH + 30)
    return region, inputs


@pytest.fixture
def params():
    return Some(
        water_volume_noise_naryn=1.5, water_volume_noise_vakhsh=0.5, water_barter_reference=0.25,
        water_damage_exponent=2.0,
    )  # fmt: skip


def test_a_run_begins_with_the_months_before_it(place, params, put, calls):
    put("begin_account")
    put("value_water")
    put("step_past", 3, 4, 5)
    past.begin_rivers(*place, params, MEMBER, START)
    assert calls[0] == ("begin_account",)
    assert calls[1:] == [("step_past", MEMBER, month, False) for month in range(FIRST_MONTH, START)]
    assert place[0].rivers.flows.nodes["storage"].tolist() == [5.0, 5.0], "the first storages"


def test_a_run_that_begins_after_the_branch_has_its_past_up_to_the_branch(place, params, put, calls):
    put("begin_account")
    put("step_past", 4)
    place[1].clock.branch = FIRST_MONTH + 3
    past.begin_rivers(*place, params, MEMBER, START)
    assert [month for name, *month in calls if name == "step_past"] == [[FIRST_MONTH + k] for k in range(3)]


def test_at_the_branch_accounts_begin_anew_and_water_gets_its_worth(place, params, put, calls):
    put("begin_account")
    put("value_water")
    past.begin_rivers(*place, params, MEMBER, BRANCH)
    assert calls == [("begin_account",), ("value_water",)]
    assert place[0].rivers.flows.nodes["storage"].tolist() == [1.0, 2.0], "and the rivers go on"
    calls.clear()
    past.begin_rivers(*place, params, MEMBER, BRANCH - 1)
    assert calls == []


@pytest.mark.parametrize(("month", "kept"), [(BRANCH - 1, True), (BRANCH - 2, False), (START + DECEMBER, True)])
def test_before_the_branch_a_year_is_kept_in_its_last_month(place, params, put, calls, month, kept):
    put("step_past", 3, 4, 5)
    put("run_rivers")
    past.step_rivers(*place, params, MEMBER, month)
    assert calls == [("step_past", MEMBER, month, kept)]


def test_a_run_that_ends_before_the_branch_keeps_its_last_month(place, params, put, calls):
    put("step_past", 5)
    place[1].clock.end = BRANCH - 4
    past.step_rivers(*place, params, MEMBER, BRANCH - 4)
    assert calls == [("step_past", True)]


@pytest.mark.parametrize(
    ("m", "worth"), [(0, False), (MARCH, True), (MARCH + 1, False), (SEPTEMBER, True), (OCTOBER, False)]
)
def test_after_the_branch_water_gets_its_worth_when_its_cost_is_known(place, params, put, calls, m, worth):
    put("run_rivers", 3, 4)
    put("value_water")
    past.step_rivers(*place, params, MEMBER, BRANCH + m)
    assert calls == [("run_rivers", BRANCH + m, True), *[("value_water",)] * worth]


@pytest.fixture
def month(rivers, params, put, calls):
    """A function that takes a month of the past; the normals of the dams are 2 and 4."""
    put("recall_flows", 3, 4)
    put("scale_flows", 3, 4)
    put("decide_release", 3, 4, 5, 6)
    put("run_rivers", 3, 4)
    put("recall_storages", 2)
    put("normal", 1, 2, 3, do=lambda key, *_: 2.0 * int(key[0]))

    def month(month, recorded=False):
        calls.clear()
        past.step_past(rivers[1], rivers[0], params, MEMBER, month, recorded)
        return [call for call in calls if call[0] != "normal"]

    return month


def test_nothing_flows_before_the_first_storages(month):
    assert month(FIRST_MONTH - 1) == []
    assert len(month(FIRST_MONTH)) == 4


def test_a_month_of_the_past(month, rivers):
    rivers[1].account.volume[:] = 0.0
    june = FIRST_MONTH + 12 + 5
    assert month(june, True) == [("run_rivers", june, True), ("recall_storages", june)]
    january, year = FIRST_MONTH + 12, FIRST_MONTH // 12 + 1
    assert month(january) == [
        ("recall_flows", MEMBER, year), ("scale_flows", year, False),
        ("run_rivers", january, False), ("recall_storages", january),
    ]  # fmt: skip


def test_dams_are_decided_on_in_october_and_before_anything_has_been(month, rivers, calls):
    """Belief is that of the reference; the noise twice 1.5 km3 and four times 0.5."""
    account = rivers[1].account
    account.volume[:] = 0.0
    october = FIRST_MONTH + 12 + OCTOBER
    assert month(october)[:2] == [("decide_release", 0, october, 0.25, 3.0), ("decide_release", 1, october, 0.25, 2.0)]
    year = FIRST_MONTH // 12 + 1
    assert [call for call in calls if call[0] == "normal"] == [("normal", 0, year, MEMBER)] * 2
    account.volume[1] = -1.0
    assert month(october - 1)[:-2] == [("decide_release", 1, october - 1, 0.25, 2.0)]


def test_recorded_storages_are_put_in_at_the_end_of_their_month(rivers):
    given, member = rivers
    table = given.table
    table.seen_month[:] = -1
    table.seen_month[:4], table.seen_node[:4] = [30, 20, 20, 10], [0, 1, 0, 1]
    table.seen_storage[:4] = [11.0, 12.0, 13.0, 14.0]
    found = []
    for month in (9, 10, 15, 20, 29, 30, 31):
        past.recall_storages(member, given, month)
        found.append(member.flows.nodes["storage"].tolist())
    assert found == [[1, 2], [1, 14], [1, 14], [13, 12], [13, 12], [11, 12], [11, 12]]


def test_what_the_past_was_short_of(rivers, params, put, calls):
    """Two members' Septembers from the second on: two of three years each.

    Deficits of 0.1 and 0.3 of members 0 and 1, 0.2 more in the last year: squares of 0.1, 0.3, 0.3 and 0.5, in the mean
    0.11. Of 4 TWh, half of the need, the first state can buy 1, so that 3/8 stay dark; the second can buy 5.
    """
    given, member = rivers
    given.table.import_limit[:] = [1.0, 5.0]
    last = FIRST_MONTH + 24 + SEPTEMBER

    def simulate(rivers, given, params, number, month, recorded):
        assert not recorded and rivers.flows.nodes[0].storage == 5.0 + (month - FIRST_MONTH)
        rivers.flows.nodes[0].storage += 1.0
        account = rivers.account
        account.season_deficit[:] = (0.1 + 0.2 * number + 0.2 * (month == last)) * (month % 12 == SEPTEMBER)
        account.power_short[:], account.power_deficit[:] = 4.0, 0.5

    put("step_past", 3, 4, do=simulate)
    put("begin_account")
    shortfall = past.documented_shortfall(member, given, params, last, 2)
    assert shortfall == pytest.approx(np.array([[0.11, (3 / 8) ** 2, 1.0], [0.11, 0.0, 4.0]]))
    assert calls.count(("begin_account",)) == 2
    assert [call[1:] for call in calls if call[0] == "step_past"][-1] == (1, last)


def test_a_past_without_a_whole_year_was_short_of_nothing(rivers, params, put, calls):
    put("step_past", 4)
    put("begin_account")
    rivers[0].start.account.season_deficit[:] = 0.5
    assert not past.documented_shortfall(rivers[1], rivers[0], params, FIRST_MONTH + SEPTEMBER, 1).any()
    assert [call[1] for call in calls if call[0] == "step_past"] == list(range(FIRST_MONTH, FIRST_MONTH + 9))
