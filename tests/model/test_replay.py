"""Replay: before the branch a run is the record, treaty by treaty."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.model.schedule import month_of
from sim.scenario import load_scenario

RUNG = {"friendship": 1, "partnership": 2, "alliance": 3}


def rungs_on_record(before: int) -> dict[str, int]:
    """Highest documented rung of each dyad before an absolute month, from the table itself."""
    held: dict[str, int] = {}
    for event in load_facts().events:
        if event.used and event.kind == "rung" and month_of(event.date) < before:
            dyad = "-".join(sorted(event.parties))
            held[dyad] = max(held.get(dyad, 0), RUNG[event.subject])
    return held


@settings(max_examples=12)
@given(st.integers(1993, 2025))
def test_rungs_at_any_branch_are_those_of_the_record(year):
    world = build_world(load_scenario("baseline", [f"run.branch={year}-01-01", f"run.end={year}-12-31"]), load_facts())
    block = simulate_members(world, 0, 2)
    held = rungs_on_record(year * 12)
    for a, b in world.dyads:
        before = block.yearly[f"rung.{a}-{b}"][:, year - 1 - 1992]
        assert (before == held.get(f"{a}-{b}", 0)).all()


def test_no_simulated_event_before_the_branch(world_of, block_of):
    for scenario in ("baseline", "no-2016-turn", "free-run"):
        events = block_of(scenario).events
        assert len(events) and events["month"].min() >= world_of(scenario).inputs.clock.branch


def test_signatures_and_refusals_are_those_of_the_record(world_of, block_of):
    world, block = world_of(), block_of()
    signed = block.yearly["signed.friendship-2022"][:, 2024 - 1992]
    assert (signed == 3).all()
    refusals = world.dated_events[world.dated_events["kind"] == world.event_kinds.index("refusal")]
    holdouts = {world.states[i] for i in refusals["a"][refusals["month"] == month_of(date(2022, 7, 1))]}
    assert holdouts == {"TJK", "TKM"}
    assert (block.yearly["signed.central-asian-union"][:, 1999 - 1992] == 4).all()
    assert (block.yearly["signed.central-asian-union"][:, 2006 - 1992] == 0).all()
    assert (block.yearly["signed.eurasec"][:, 2007 - 1992] == 4).all()


def test_the_past_differs_between_members_only_through_what_is_drawn(block_of):
    block = block_of("baseline", "run.parameter_uncertainty=false")
    past = block.monthly["trust_mean"][:, : (2025 - 1992) * 12]
    assert np.array_equal(past, np.repeat(past[:1], len(past), axis=0))


def test_documented_frictions_lower_trust(block_of):
    block = block_of("baseline", "run.parameter_uncertainty=false")
    years = {year: block.yearly["trust.KGZ.TJK"][0, year - 1992] for year in (2013, 2014)}
    assert years[2014] < years[2013] - 0.1


def test_closed_crossings_are_those_of_the_record(block_of):
    crossings = block_of().monthly["crossings_open"][0]
    month = lambda year, m: (year - 1992) * 12 + m - 1  # noqa: E731
    assert crossings[month(1999, 7)] == 1.0
    assert crossings[month(1999, 8)] == pytest.approx(5 / 7)
    assert crossings[month(2019, 1)] == 1.0
    assert crossings[month(2021, 5)] == pytest.approx(6 / 7)
    assert crossings[month(2025, 4)] == 1.0
