"""Rival regions, absorption, and what outside powers spend on capitals or on the five, against hand-worked numbers."""

import math

import numpy as np
import pytest

from sim.engine.event_types import CODE, EVENT_KINDS
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.processes.external_influence import extra_effort, process_after_outside_summit
from sim.processes.rivals import chance_of_joining, exposure, held_by
from sim.scenario import load_scenario

NO_FIT = 'calibration.use="none"'


@pytest.fixture
def pulled(tmp_path):
    """A scenario file like the free run, but that Russia pulls so many times as hard from 1994 on."""

    def write(factor):
        file = tmp_path / "pulled.toml"
        event = f'[[events]]\ndate = 1994-08-01\nkind = "pull"\npower = "RUS"\nfactor = {factor}\n'
        file.write_text(f'extends = "free-run"\n[run]\nbranch = 1994-07-01\n{event}')
        return file

    return write


def simulated(*settings, scenario="free-run", members=8):
    """A world from 1994, left to itself, and its members."""
    world = build_world(load_scenario(scenario, ("run.branch=1994-07-01", NO_FIT, *settings)), load_facts())
    return world, simulate_members(world, 0, members)


def kinds(world, block):
    """Names of the simulated events' kinds, one an event."""
    return [EVENT_KINDS[code] for code in block.events["kind"][block.events["member"] >= 0]]


def test_projects_hold_a_state_jointly():
    # half and a fifth: what is left free is 0.5 x 0.8 = 0.4
    assert 1 - held_by(held_by(1.0, 0.5), 0.2) == pytest.approx(0.6)


def test_chance_that_a_project_wins_a_state():
    # rate 0.5 x dependence 0.4 x openness to rivals 0.5 over a year: exp(-0.1)
    assert chance_of_joining(0.5, 0.4, 0.5, 1.0) == pytest.approx(1 - math.exp(-0.1))
    assert chance_of_joining(0.5, 0.4, -0.2, 1.0) == 0.0


def test_exposure_is_dependence_times_weakness_of_the_members():
    dependence, capacity = np.array([0.4, 0.2, 0.9]), np.array([0.5, 0.0, 0.0])
    # the third is no member: (0.4 x 0.5 + 0.2 x 1) / 2 = 0.2; twice the pull is twice as much
    assert exposure(dependence, 1.0, capacity, np.array([1, 1, 0])) == pytest.approx(0.2)
    assert exposure(dependence, 2.0, capacity, np.array([1, 1, 0])) == pytest.approx(0.4)


def test_strong_states_cannot_be_absorbed():
    assert exposure(np.array([0.5, 0.5]), 1.0, np.ones(2), np.ones(2, np.int64)) == 0.0


def test_extra_effort_is_what_goes_beyond_the_documented_pull():
    shares = np.array([0.0, 0.25])
    assert extra_effort(np.ones(2), shares) == 0.0
    # only the second trebles, and a quarter of its contacts go to the group: 2 x 0.75
    assert extra_effort(np.array([1.0, 3.0]), shares) == pytest.approx(1.5)


def test_a_summit_of_five_plus_one_moves_the_process_either_way_and_leaves_it_a_share():
    assert process_after_outside_summit(0.4, 0.1) == pytest.approx(0.46)
    assert process_after_outside_summit(0.4, -0.1) == pytest.approx(0.36)
    assert process_after_outside_summit(0.4, 0.0) == 0.4
    assert process_after_outside_summit(0.4, -3.0) == 0.0 and process_after_outside_summit(0.4, 3.0) == 1.0


def test_nobody_joins_or_absorbs_unless_switched_on():
    names = kinds(*simulated("parameters.absorption.ending=50"))
    assert "power-joins" not in names and "joins-rival" not in names


def test_a_power_joins_before_it_absorbs_and_only_that_ends_a_format(pulled):
    settings = ("absorption.joining=20", "absorption.ending=50", "region.format_death=0")
    world, block = simulated(*(f"parameters.{one}" for one in settings))
    ended = 0
    for member in block.members:
        own = block.events[block.events["member"] == member]
        joined = own["month"][own["kind"] == CODE["power-joins"]]
        ends = own["month"][own["kind"] == CODE["format-ends"]]
        ended += len(ends)
        assert len(ends) <= len(joined) and all(first < last for first, last in zip(joined, ends))
        assert {world.powers[k] for k in own["subject"][own["kind"] == CODE["power-joins"]]} <= {"RUS"}
    assert ended > 0
    # without any pull of that power nothing ends
    _, calm = simulated(*(f"parameters.{one}" for one in settings), scenario=pulled(0.0001))
    assert "format-ends" not in kinds(world, calm)


def test_a_project_wins_only_states_that_may_belong_to_it():
    world, block = simulated("parameters.rivals.rate=5")
    won = block.events[block.events["kind"] == CODE["joins-rival"]]
    pairs = {(world.powers[int(power)], world.states[int(state)]) for power, state in zip(won["subject"], won["a"])}
    assert ("TUR", "UZB") in pairs and ("TUR", "TJK") not in pairs and ("CHN", "TKM") not in pairs


def test_what_holds_a_state_lowers_what_it_signs_where_a_claim_says_so():
    _, free = simulated("parameters.rivals.signing=0")
    _, held = simulated("parameters.rivals.signing=-6")
    assert held.yearly["signed.friendship-2022"][:, -1].sum() < free.yearly["signed.friendship-2022"][:, -1].sum()


def test_effort_with_capitals_and_with_the_five_are_no_zero_levers(pulled):
    _, nothing = simulated(scenario=pulled(2.0))
    _, courted = simulated("parameters.sponsors.courting=3", scenario=pulled(2.0))
    assert courted.yearly["treaty_depth"][:, -1].mean() > nothing.yearly["treaty_depth"][:, -1].mean()
    _, convened = simulated("parameters.sponsors.convening=0.5")
    _, plain = simulated()
    assert convened.yearly["elite_identity"][:, -1].mean() > plain.yearly["elite_identity"][:, -1].mean()
