"""What an upstream state decides in October, and what it believes of those below when it does."""

import math

import numpy as np
import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import A, B, C, Some
from sim.engine.months import OCTOBER
from sim.processes.rivers import release_policy
from sim.processes.rivers.release_policy import FIRST_RIVER, OTHER_RIVER, REFERENCE_CHANGED, SECOND_RIVER

YEAR = 2017
FALL = YEAR * 12 + OCTOBER


def odds(share):
    return math.log(share / (1.0 - share))


def test_volume_of_a_year():
    """A quarter of what is above the reference is released in the year, a quarter of what is missing kept."""
    assert release_policy.annual_volume(12.0, 0.25, 14.0, 10.0, 0.0, 0.0) == 13.0
    assert release_policy.annual_volume(12.0, 0.25, 6.0, 10.0, -3.0, 0.5) == 8.5
    assert release_policy.annual_volume(1.0, 0.25, 0.0, 10.0, 0.0, 0.0) == 0.0


def test_verification_takes_its_part_of_the_doubt():
    """Of a doubt of 0.6 a half, where institutions are half there."""
    assert release_policy.expected_barter(0.4, 1.0, 0.5) == pytest.approx(0.7)
    assert release_policy.expected_barter(0.4, 0.5, 0.5) == pytest.approx(0.55)
    assert [release_policy.expected_barter(0.4, *each) for each in ((0.0, 1.0), (1.0, 0.0))] == [0.4, 0.4]


def test_share_of_the_irrigation_profile():
    """What is promised counts as far as it is believed, what is paid in full; log-odds of 0.1 a million."""
    share = release_policy.mode_share(0.25, 0.1, 0.5, 20.0, 3.0)
    assert odds(share) == pytest.approx(odds(0.25) + 0.1 * (10.0 + 3.0))
    assert release_policy.mode_share(0.25, 0.1, 0.5, 20.0, -10.0) == pytest.approx(0.25)


def test_release_of_a_month():
    assert release_policy.planned_release(8.0, 0.25, 0.5, 0.125) == 8.0 * (0.125 + 0.09375)


def test_kept_word_and_served_demand():
    for measure in (release_policy.compliance, release_policy.performance):
        assert [measure(*each) for each in ((3.0, 4.0), (5.0, 4.0), (0.25, 0.5), (3.0, 0.0))] == [0.75, 1.0, 0.5, 1.0]


@pytest.fixture
def params():
    return Some(
        water_barter_naryn=60.0, water_barter_vakhsh=30.0, water_volume_noise_naryn=1.5, water_volume_noise_vakhsh=0.75,
        water_barter_reference=0.5, water_mode_weight=0.125, water_verification=0.5, water_line_opens=1e9,
        water_line_worth=24.0,
    )  # fmt: skip


@pytest.fixture
def dams():
    """Three dams, of states A, B and A: on the Naryn, the Vakhsh and a third river; each releases 12 km3 a year."""
    given, rivers = small_rivers([{"storage": 6.0}, {"storage": 14.0}, {"storage": 10.0}], dams=3, pairs=4, basins=2)
    table, account = given.table, rivers.account
    table.dam_node[:], table.dam_state[:], table.dam_basin[:] = [2, 1, 0], [A, B, A], [0, 1, 0]
    table.dam_river[:] = [FIRST_RIVER, SECOND_RIVER, OTHER_RIVER]
    table.own_barter[:], table.own_noise[:], table.seller = 20.0, 0.25, -1
    table.usual_volume[:], table.feedback[:], table.ordinary[:] = 12.0, 0.25, 0.25
    table.reference[:], table.earlier_reference[:] = 10.0, 2.0
    # an even year for the fields but for a half in July; power in January, August and November
    table.irrigation[:] = 0.5 / 11.0
    table.irrigation[:, 6] = 0.5
    table.power[:, [0, 7, 10]] = [0.5, 0.25, 0.25]
    account.barter[:], account.volume[:], account.released[:] = [60.0, 30.0, 20.0], -1.0, 9.0
    return given, rivers


def test_what_is_usual_on_each_river(dams, params):
    table = dams[0].table
    assert [release_policy.usual_barter(table, k, params) for k in range(3)] == [60.0, 30.0, 20.0]
    assert [release_policy.usual_noise(table, k, params) for k in range(3)] == [1.5, 0.75, 0.25]


def decide(dams, params, k=1, month=FALL, belief=0.5, noise=0.0):
    given, rivers = dams
    release_policy.decide_release(rivers, given, params, k, month, belief, noise)
    return rivers.account.volume[k], rivers.account.share[k], rivers.account.agreed[k]


def agreed(volume, share):
    """April to September: half and five elevenths of a half for the fields, a quarter of what is for power."""
    return volume * (share * (0.5 + 0.5 * 5.0 / 11.0) + (1.0 - share) * 0.25)


def test_a_usual_year(dams, params):
    """A barter that is believed as much as in the reference changes nothing; the agreement counts on it in full."""
    volume, share, promised = decide(dams, params)
    assert (volume, share) == (13.0, pytest.approx(0.25))  # 14 in store where 10 are the reference
    full = 1.0 / (1.0 + math.exp(-(odds(0.25) + 0.125 * 0.5 * 30.0)))
    assert promised == pytest.approx(agreed(13.0, full))
    assert dams[1].account.released.tolist() == [9.0, 0.0, 9.0]


def test_noise_and_a_deliberate_cut_change_the_year_but_not_the_agreement(dams, params):
    _, _, promised = decide(dams, params)
    dams[1].account.change[1] = -4.0
    assert decide(dams, params, noise=0.5) == (9.5, pytest.approx(0.25), promised)


def test_what_moves_the_season(dams, params):
    """Less belief, a transfer, or more barter than usual; in log-odds of an eighth a million."""
    account = dams[1].account

    def shift(**more):
        return odds(decide(dams, params, **more)[1]) - odds(0.25)

    assert shift(belief=0.25) == pytest.approx(-0.125 * 0.25 * 30.0)
    account.transfer[1] = 8.0
    assert shift() == pytest.approx(1.0)
    account.barter[1] = 46.0
    assert shift() == pytest.approx(1.0 + 0.125 * 0.5 * 16.0)
    dams[0].table.seller, params.water_line_opens = 1, YEAR
    assert shift() == pytest.approx(1.0 + 1.0 + 3.0)
    dams[0].table.seller = 0
    assert shift() == pytest.approx(2.0)


def test_each_dam_looks_at_its_own_storage_and_reference(dams, params):
    assert [decide(dams, params, k)[0] for k in range(3)] == [12.0, 13.0, 11.0]
    dams[0].table.reference[2] = 4.0
    assert decide(dams, params, 2)[0] == 12.5


def test_the_reference_was_another_before_2014(dams, params):
    assert REFERENCE_CHANGED == 2014
    months = [2013 * 12 + OCTOBER, 2013 * 12 + 11, 2014 * 12, 2014 * 12 + OCTOBER]
    assert [decide(dams, params, 0, month)[0] for month in months] == [14.0, 14.0, 12.0, 12.0]


@pytest.fixture
def world(region, inputs, dams):
    """A is above B and C in basin 0, and above B in basin 1; a neighbour without agency is above C."""
    given, rivers = dams
    region.rivers, inputs.rivers, inputs.clock.branch = rivers, given, FALL
    table = given.table
    table.pair_up[:], table.pair_down[:], table.pair_basin[:] = [A, A, A, -1], [B, C, B, C], [0, 0, 1, 0]
    table.dam_key[:, 0] = [1, 2, 3]
    region.beliefs.trust[:] = [[9.0, 0.2, 0.6], [0.3, 9.0, 0.3], [0.3, 0.3, 9.0]]
    region.treaties.__dict__.update(
        lapsed=np.zeros(3, int), signed=np.full((3, 3), -1), implemented=np.array([9.0, 0.5, 0.5])
    )
    inputs.conflict.__dict__.update(n_basin_accords=2, basin_accord=np.array([1, 2, 0]))
    inputs.accords = Some(depth=np.array([9.0, 0.8, 0.5]))
    return region, inputs


def test_institutions_are_what_both_have_signed_and_carry_out(world):
    """Half of a depth of 0.8 leaves 0.6 to be done; half of another of 0.5 three quarters of that."""
    region, inputs = world

    def found(a=A, b=B):
        return release_policy.basin_institution(region, inputs, a, b)

    assert found() == 0.0
    region.treaties.signed[1, A] = 0
    assert found() == 0.0, "one of them has not signed"
    region.treaties.signed[1, [A, B]] = [-1, 0]
    assert found() == 0.0
    region.treaties.signed[:, [A, B]] = 0
    assert found() == found(B, A) == pytest.approx(1.0 - 0.6 * 0.75)
    region.treaties.lapsed[2] = 1
    assert found() == pytest.approx(0.4)
    assert found(A, C) == 0.0
    region.treaties.signed[:] = 0
    assert found(-1, B) == found(A, -1) == 0.0, "a neighbour signs nothing"
    inputs.conflict.n_basin_accords = 0
    assert found() == 0.0


def test_belief_is_the_mean_over_those_below_in_the_basin(world, params):
    region, inputs = world

    def believed(k):
        return release_policy.belief_in_barter(region, inputs, params, k)

    assert believed(0) == pytest.approx(0.4)  # of B and C
    region.treaties.signed[1, [A, B]] = 0
    # half of an institution of 0.4 takes a fifth of the doubt of 0.8 about B
    assert believed(0) == pytest.approx((0.2 + 0.8 * 0.2 + 0.6) / 2)
    assert believed(1) == 0.0, "nobody is below B in its basin"
    inputs.rivers.table.dam_basin[0] = 1
    assert believed(0) == pytest.approx(0.36)


def decided(world, params, month, first=A, last=C + 1, volume=5.0):
    region, inputs = world
    account = region.rivers.account
    account.volume[:] = volume
    release_policy.decide_releases(first, last, region, inputs, params, 7, month)
    return account.volume.tolist()


def test_dams_are_decided_on_in_october(world, params, monkeypatch):
    asked = []

    def normal(key, slot, month, member):
        asked.append((int(key[0]), slot, month, member))
        return {1: 2.0, 2: 4.0, 3: -4.0}[int(key[0])]

    monkeypatch.setattr(release_policy, "normal", normal)
    assert decided(world, params, FALL - 1) == [5.0, 5.0, 5.0], "before the branch"
    assert decided(world, params, FALL + 1) == [5.0, 5.0, 5.0]
    assert decided(world, params, FALL + 1, volume=0.0) == [0.0, 0.0, 0.0], "nothing is a decision too"
    assert not asked
    assert decided(world, params, FALL) == [15.0, 16.0, 10.0]
    assert asked == [(key, 0, YEAR, 7) for key in (1, 2, 3)]
    assert decided(world, params, FALL + 1, volume=-1.0) == [15.0, 16.0, 10.0], "nothing has been decided yet"
    assert decided(world, params, FALL, first=B) == [5.0, 16.0, 5.0]
    assert decided(world, params, FALL, last=B) == [15.0, 5.0, 10.0]


def test_decisions_rest_on_what_the_owner_believes(world, params, monkeypatch):
    """A believes 0.4 where 0.5 are usual."""
    monkeypatch.setattr(release_policy, "normal", lambda *_: 0.0)
    decided(world, params, FALL)
    share = world[0].rivers.account.share
    assert odds(share[0]) - odds(0.25) == pytest.approx(-0.125 * 0.1 * 60.0)
    assert odds(share[1]) - odds(0.25) == pytest.approx(-0.125 * 0.5 * 30.0), "B believes nothing"
