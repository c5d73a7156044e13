"""A month of a border between neighbours: who does what to whom, and what opens again."""

import math

import numpy as np
import pytest

from by_hand.three_states import AB, BC, A, B, C, Some, events
from sim.engine.event_types import CODE
from sim.processes import frictions
from sim.processes.frictions import CROSSINGS, CUT_OFF, MENACE, ONLY_VERBAL, POWER, TRANSPORT, WATER_CUT


@pytest.fixture
def month(region, inputs, params, log, draws):
    """A function that simulates month 300 of the border of A and B with these random numbers."""
    params.frictions_reopening = 0.1
    params.friction_coefficients = np.array([0.0, 0.0, 0.0, 0.0])  # one act a month at any draw below 63 %
    params.frictions_verbal, params.frictions_cut_off = 0.3, 0.5
    params.frictions_cut_water, params.frictions_cut_crossings, params.frictions_cut_transport = 0.2, 0.4, 0.3
    inputs.channels.friction = ["ab", "ac", "bc"]
    inputs.rivers = Some(table=Some(pair_up=np.array([]), pair_down=np.array([])))

    def simulate(numbers):
        given = draws(frictions, {("ab", slot): each for slot, each in numbers.items()})
        frictions.step_frictions(region, inputs, params, 7, 300, AB, log)
        assert {asked[2:] for asked in given.asked} == {(300, 7)}
        return events(log)

    return simulate


def test_covariates_are_cut_where_the_record_ends():
    assert frictions.friction_covariates(-0.5, 0.3, 0.2) == (1.0, 0.5, -0.3, 0.2)
    assert frictions.friction_covariates(-2.5, -1.7, 0.0) == (1.0, 2.0, 1.5, 0.0)


def test_kinds_and_subjects_share_the_line_from_nought_to_one():
    assert [frictions.friction_kind(u, 0.3, 0.5) for u in (0.0, 0.29, 0.3, 0.79, 0.8)] == [
        ONLY_VERBAL, ONLY_VERBAL, CUT_OFF, CUT_OFF, MENACE,
    ]  # fmt: skip
    assert [frictions.cut_subject(u, 0.5, 0.25) for u in (0.0, 0.49, 0.5, 0.74, 0.75)] == [
        CROSSINGS, CROSSINGS, TRANSPORT, TRANSPORT, POWER,
    ]  # fmt: skip


def test_links_are_three_and_water_has_no_gate(region):
    for subject, name in ((CROSSINGS, "crossing"), (TRANSPORT, "transport"), (POWER, "power")):
        frictions.set_open_share(region.frontier, subject, BC, 0.25)
        assert getattr(region.frontier, name).tolist() == [1.0, 1.0, 0.25]
        assert frictions.open_share(region.frontier, subject, BC) == 0.25
        frictions.set_open_share(region.frontier, subject, BC, 1.0)
    frictions.set_open_share(region.frontier, WATER_CUT, BC, 0.0)
    assert all(getattr(region.frontier, name)[BC] == 1.0 for name in ("crossing", "transport", "power"))


def test_nothing_happens_at_high_draws(month):
    assert month({0: (0.99, 0.99, 0.0, 0.0)}) == []


def test_words_of_the_first_and_troops_of_the_second(month, region):
    acts = month({0: (0.5, 0.5, 0.9, 0.9), 1: (0.1, 0.5, 0.5, 0.5), 2: (0.85, 0.5, 0.5, 0.5)})
    assert acts == [(300, "verbal", A, B, -1, 0.0), (300, "standoff", B, A, -1, 0.0)]
    news = region.beliefs.gains + region.beliefs.losses
    assert news[B, A] == CODE["verbal"] / 100 and news[A, B] == CODE["standoff"] / 100
    assert np.count_nonzero(news) == 2


def test_rates_are_those_of_the_actor(month, region, params):
    """Distrust is the target's, openness and drought are the actor's."""
    params.friction_coefficients = np.array([-4.0, 1.0, 1.0, 2.0])
    region.beliefs.logit[B, A], region.polity.openness[A] = -1.5, -1.0  # A against B: -4 + 1.5 + 1 + 1.8
    region.rivers.account.year_deficit[A] = 0.9
    chance = 1 - math.exp(-math.exp(0.3))
    words = (0.1, 0.5, 0.5, 0.5)
    assert month({0: (chance - 1e-9, 0.05, 0.9, 0.9), 1: words, 2: words}) == [(300, "verbal", A, B, -1, 0.0)]
    assert len(month({0: (chance + 1e-9, 0.017, 0.9, 0.9), 1: words, 2: words})) == 2  # B: exp(-4) = 1.8 %


@pytest.mark.parametrize(
    ("what", "subject", "name"), [(0.39, CROSSINGS, "crossing"), (0.69, TRANSPORT, "transport"), (0.7, POWER, "power")]
)
def test_a_cut_off_closes_one_link(month, region, what, subject, name):
    assert month({0: (0.1, 0.99, 0.9, 0.9), 1: (0.5, what, 0.5, 0.5)}) == [(300, "closure", A, B, subject, 0.0)]
    assert getattr(region.frontier, name)[AB] == 0.0
    assert sum(getattr(region.frontier, each)[AB] for each in ("crossing", "transport", "power")) == 2.0


def test_what_is_closed_is_not_closed_once_more(month, region):
    region.frontier.crossing[AB] = 0.0
    assert month({0: (0.1, 0.99, 0.9, 0.9), 1: (0.5, 0.1, 0.5, 0.5)}) == []


def test_links_open_again_each_by_its_own_draw(month, region):
    region.frontier.crossing[AB] = region.frontier.transport[AB] = region.frontier.power[AB] = 0.0
    assert month({0: (0.99, 0.99, 0.05, 0.5), 3: 0.2}) == [(300, "opening", A, B, CROSSINGS, 0.0)]
    assert month({0: (0.99, 0.99, 0.5, 0.09), 3: 0.2})[1:] == [(300, "opening", A, B, TRANSPORT, 0.0)]
    assert month({0: (0.99, 0.99, 0.5, 0.5), 3: 0.0})[2:] == [(300, "opening", A, B, POWER, 0.0)]
    assert (region.frontier.crossing[AB], region.frontier.transport[AB], region.frontier.power[AB]) == (1.0, 1.0, 1.0)


def test_water_is_withheld_at_the_first_dam_above_the_target(month, region, inputs, params):
    inputs.rivers.table = Some(
        pair_up=np.array([C, A]), pair_down=np.array([B, B]), pair_basin=np.array([0, 1]),
        dam_state=np.array([A, A, A]), dam_basin=np.array([0, 1, 1]),
    )  # fmt: skip
    region.rivers.account.volume = np.array([9.0, 9.0, 9.0])
    params.water_deliberate_cut = 2.0
    cut = {0: (0.1, 0.99, 0.9, 0.9), 1: (0.5, 0.1, 0.19, 0.5)}
    assert month(cut) == [(300, "closure", A, B, WATER_CUT, 0.0)]
    assert region.rivers.account.volume.tolist() == [9.0, 7.0, 9.0]
    region.rivers.account.volume[1] = 1.5
    month(cut)
    assert region.rivers.account.volume[1] == 0.0
    assert not frictions.withhold(region, inputs, params, B, A)
    assert month({0: (0.99, 0.1, 0.9, 0.9), 2: (0.5, 0.1, 0.0, 0.5)})[-1] == (300, "closure", B, A, CROSSINGS, 0.0)


def test_dated_closures_and_openings(region, inputs):
    frictions.apply(Some(a=C, b=B, subject=TRANSPORT, kind=CODE["closure"]), region, inputs)
    assert region.frontier.transport.tolist() == [1.0, 1.0, 0.0]
    frictions.apply(Some(a=B, b=C, subject=TRANSPORT, kind=CODE["opening"]), region, inputs)
    assert region.frontier.transport.tolist() == [1.0, 1.0, 1.0]
