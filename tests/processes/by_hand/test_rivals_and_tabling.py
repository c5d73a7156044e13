"""Rival projects and new texts: who joins what, what is put on the table and what is dropped."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C, Some, events
from sim.processes import rivals, tabling


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    """Two projects; two named accords and three texts that may be tabled."""
    inputs.clock.__dict__.update(first_year=8, branch=200, start=96)
    inputs.channels.rival = {(k, i): f"{k}{'abc'[i]}" for k in range(2) for i in range(3)}
    inputs.channels.texts, inputs.channels.tabling = ["texts"], [None, None, "t2", "t3", "t4"]
    inputs.outside.dependence = np.zeros((40, 3, 2))
    inputs.outside.dependence[:, :, 0] = [0.5, 0.2, 0.9]
    inputs.outside.dependence[:, :, 1] = 0.4
    inputs.rivals = Some(
        count=2, exclusive=np.array([1, 0]), power=np.array([0, 1]), weight=np.array([0.5, 0.2]),
        since=np.array([[120, 999, 150], [130, 130, 999]]), until=np.array([[999, 999, 180], [999, 140, 999]]),
        party=np.array([[1, 1, 0], [1, 1, 1]]), founded=np.array([100, 220]),
    )  # fmt: skip
    inputs.formats = Some(party=np.array([[1, 1, 0]]))
    region.environment.__dict__.update(pull_factor=np.array([1.0, 1.0]), summit=np.array([1]))
    region.polity.capacity[:] = [0.5, 0.0, 0.0]
    region.rivals = Some(member=np.zeros((2, 3), int), hold=np.zeros(3), documented_until=0, inside=-1)
    params.__dict__.update(
        absorption_joining=1.2, absorption_ending=2.4, rivals_rate=0.0, rivals_regional=0.5, tabling_texts=2.0,
        tabling_drop=0.3,
    )  # fmt: skip
    inputs.accords = Some(
        named=2, count=5, texts_from=210, format=np.zeros(5, int), depth=np.array([0, 0, 0.3, 0.4, 0.5]),
        proposes=np.array([1.0, 3.0, 0.0]), party=np.ones((5, 3), int), hard=np.full((5, 3, 2), 999),
    )  # fmt: skip
    region.treaties.__dict__.update(
        tabled=np.array([0, 0, 900, 900, 900]), attitude=np.full((5, 3), -0.5), lapsed=np.zeros(5, int),
        signatures=np.zeros(5, int),
    )  # fmt: skip


def test_a_format_lies_open_as_its_members_depend_and_are_weak(region, inputs):
    """(0.5 x 0.5 + 0.2 x 1) / 2; a project that shuts no other union out does not count."""
    assert rivals.strongest_exposure(region, inputs, 0, 250) == (0, pytest.approx(0.225))
    region.environment.pull_factor[0] = 2.0
    assert rivals.strongest_exposure(region, inputs, 0, 250) == (0, pytest.approx(0.45))
    inputs.rivals.exclusive[1] = 1
    region.environment.pull_factor[0] = 1.0
    assert rivals.strongest_exposure(region, inputs, 0, 250) == (1, pytest.approx((0.2 + 0.4) / 2))
    inputs.rivals.exclusive[:] = 0
    assert rivals.strongest_exposure(region, inputs, 0, 250) == (-1, 0.0)
    inputs.rivals.exclusive[0], inputs.outside.dependence[21] = 1, 0.0
    assert rivals.strongest_exposure(region, inputs, 0, 29 * 12 + 11) == (-1, 0.0)


def test_a_power_joins_first_and_absorbs_later(region, inputs, params, log):
    """Exposure 0.225 from July: half a year."""

    def year(joins, absorbs, month=246):
        return rivals.is_absorbed(region, inputs, params, month, 0, joins, absorbs, log)

    joining, ending = (1 - math.exp(-rate * 0.225 * 0.5) for rate in (1.2, 2.4))
    assert not year(joining + 1e-9, 0.0) and region.rivals.inside == -1
    assert not year(joining - 1e-9, 0.0) and region.rivals.inside == 0
    assert events(log) == [(246, "power-joins", -1, -1, 0, 0.0)]
    assert not year(0.0, ending + 1e-9) and year(0.9, ending - 1e-9)
    assert year(0.9, 1 - math.exp(-2.4 * 0.225) - 1e-9, 252) and not year(0.9, 1 - math.exp(-2.4 * 0.225) + 1e-9, 252)
    params.absorption_joining = 0.0
    assert not year(0.0, 0.0)
    params.absorption_joining, inputs.rivals.exclusive[0] = 1.2, 0
    assert not year(0.0, 0.0)
    assert log.n_events[0] == 1


def step(region, inputs, params, log, draws, numbers, month):
    given = draws(rivals, numbers)
    rivals.step_rivals(region, inputs, params, 7, month, log)
    return [(asked[0], asked[2]) for asked in given.asked]


def test_documented_members_and_what_holds_them(region, inputs, params, log, draws):
    """Weights 0.5 and 0.2 together hold 1 - 0.5 x 0.8."""
    members = {}
    for month in (119, 120, 130, 139, 140, 150, 179, 180, 240):
        assert step(region, inputs, params, log, draws, {}, month) == []
        members[month] = region.rivals.member.tolist(), region.rivals.hold.tolist()
    assert members[119] == ([[0, 0, 0], [0, 0, 0]], [0.0, 0.0, 0.0])
    assert members[120] == ([[1, 0, 0], [0, 0, 0]], [0.5, 0.0, 0.0])
    assert members[130][0] == members[139][0] == [[1, 0, 0], [1, 1, 0]]
    assert members[139][1] == pytest.approx([0.6, 0.2, 0.0])
    assert members[140][0] == [[1, 0, 0], [1, 0, 0]] and members[150][1] == pytest.approx([0.6, 0.0, 0.5])
    assert members[179][0] == [[1, 0, 1], [1, 0, 0]] and members[180][0] == members[240][0] == [[1, 0, 0], [1, 0, 0]]
    assert region.rivals.documented_until == 999
    assert rivals.next_change(inputs.rivals, 999) == rivals.NEVER and rivals.next_change(inputs.rivals, 0) == 120


def test_between_documented_changes_nothing_is_looked_up(region, inputs, params, log, draws):
    step(region, inputs, params, log, draws, {}, 120)
    assert region.rivals.documented_until == 130
    region.rivals.member[0, B] = 1
    step(region, inputs, params, log, draws, {}, 129)
    assert region.rivals.member[0, B] == 1
    step(region, inputs, params, log, draws, {}, 130)
    assert region.rivals.member[0, B] == 0


def test_projects_win_states_over_each_january(region, inputs, params, log, draws):
    """A: rate 0.8 x 0.5 x (1 - 0.5 x 0.4); the second project is founded later."""
    params.rivals_rate = 0.8
    region.polity.elite[:] = [0.4, 3.0, 0.0]
    chance = 1 - math.exp(-0.8 * 0.5 * 0.8)
    assert step(region, inputs, params, log, draws, {("0a", 0): 0.0}, 203) == []
    asked = step(region, inputs, params, log, draws, {("0a", 0): chance + 1e-9, ("0b", 0): 1e-9}, 204)
    assert asked == [("0a", 17), ("0b", 17)] and events(log) == []  # a firm identity leaves no chance
    step(region, inputs, params, log, draws, {("0a", 0): chance - 1e-9}, 216)
    assert events(log) == [(216, "joins-rival", A, -1, 0, 0.0)] and region.rivals.hold.tolist() == [0.5, 0.0, 0.0]
    region.environment.pull_factor[1] = 2.0
    chance = 1 - math.exp(-0.8 * 0.8)
    asked = step(region, inputs, params, log, draws, {("1c", 0): chance - 1e-9}, 228)
    assert asked == [("1a", 19), ("0b", 19), ("1b", 19), ("1c", 19)]
    assert events(log)[1:] == [(228, "joins-rival", C, -1, 1, 0.0)] and region.rivals.hold[C] == pytest.approx(0.2)
    params.rivals_rate = 1e-9
    assert step(region, inputs, params, log, draws, {}, 200) == []


def table(region, inputs, params, log, draws, numbers, month=240):
    given = draws(tabling, numbers)
    tabling.table_texts(region, inputs, params, 7, month, log)
    return [asked[1] for asked in given.asked], [row[1:3] + row[4:] for row in events(log)]


def test_a_summit_tables_texts_and_names_who_proposes(region, inputs, params, log, draws):
    """Two texts: the last, by B; then of the two that are left the first, by A. Whoever proposes is inclined."""
    numbers = {("texts", 0): 0.5, ("texts", 1): (0.99, 0.26, 0, 0), ("texts", 2): (0.0, 0.24, 0, 0)}
    asked, found = table(region, inputs, params, log, draws, numbers)
    assert asked == [0, 1, 2] and found == [("proposal", B, 4, 0.5), ("proposal", A, 2, 0.3)]
    assert region.treaties.tabled.tolist() == [0, 0, 240, 900, 240]
    assert region.treaties.attitude[4].tolist() == [-0.5, 0.5, -0.5] and region.treaties.attitude[2, A] == 0.5
    asked, found = table(region, inputs, params, log, draws, {("texts", 0): 0.86, ("texts", 1): (0.9, 0.9, 0, 0)}, 252)
    assert asked == [0, 1, 2] and found[2:] == [("proposal", B, 3, 0.4)]  # there is room for no more


@pytest.mark.parametrize("why", ["before the branch", "before texts", "no summit", "no room"])
def test_nothing_is_tabled(region, inputs, params, log, draws, why):
    month = 240
    if why == "before the branch":
        inputs.clock.branch = 241
    elif why == "before texts":
        inputs.accords.texts_from = 241
    elif why == "no summit":
        region.environment.summit[0] = 0
    else:
        inputs.accords.count = 2
    assert table(region, inputs, params, log, draws, {("texts", 0): 0.5}, month) == ([], [])


def test_a_text_barred_to_all_is_proposed_by_nobody(region, inputs, params, log, draws):
    inputs.accords.hard[4] = [0, 999]
    numbers = {("texts", 0): 0.5, ("texts", 1): (0.99, 0.1, 0, 0), ("texts", 2): (0.0, 0.1, 0, 0)}
    assert table(region, inputs, params, log, draws, numbers)[1] == [("proposal", A, 2, 0.3)]
    assert region.treaties.tabled[4] == 900
    inputs.accords.hard[4, C] = 999  # C may, though it has never proposed
    assert tabling.proposer_of(inputs, 4, 240, 0.5) == C
    inputs.accords.hard[3, A] = [0, 999]
    assert tabling.proposer_of(inputs, 3, 240, 0.0) == B


def test_what_nobody_takes_up_may_be_dropped(region, inputs, params, draws):
    region.treaties.tabled[2:] = [230, 240, 241]
    region.treaties.signatures[3] = 1

    def drop(draw, summit=1):
        region.environment.summit[0] = summit
        given = draws(tabling, {("t2", 0): draw, ("t3", 0): 0.0, ("t4", 0): 0.0})
        tabling.drop_texts(region, inputs, params, 7, 240)
        return region.treaties.lapsed.tolist(), [asked[0] for asked in given.asked]

    assert drop(0.3) == ([0, 0, 0, 0, 0], ["t2"]) and drop(0.0, summit=0) == ([0, 0, 0, 0, 0], [])
    assert drop(0.29) == ([0, 0, 1, 0, 0], ["t2"]) and drop(0.29) == ([0, 0, 1, 0, 0], [])
    region.treaties.tabled[4] = 240
    assert drop(0.0)[0] == [0, 0, 1, 0, 1]


def test_who_proposes_a_text_at_the_edge_of_a_weight(inputs):
    """Weights of 1 and 3: from a quarter on it is B; C proposes nothing."""
    assert [tabling.proposer_of(inputs, 2, 300, draw) for draw in (0.0, 0.2499, 0.25, 0.999)] == [A, A, B, B]
