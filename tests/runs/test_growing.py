"""Runs that grow until an answer is sure: where they stop, and that they equal runs of a fixed size."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.outcomes.goal import Estimate, GoalError, parse_goal
from sim.outcomes.summary import probability
from sim.runs import run_scenario, until, work
from sim.runs.until import next_look, run_until
from sim.scenario import load_scenario

TRUST = "mean(trust_mean_2040) +- "


@pytest.fixture
def small_looks(monkeypatch):
    """First look after 8 members, then by twos."""
    monkeypatch.setattr(until, "FIRST_LOOK", 8)
    monkeypatch.setattr(until, "_ROUND", 2)


@pytest.mark.parametrize(
    ("members", "half_width", "expected"),
    [
        (200, 0.04, 800),  # twice too wide: four times the members and five per cent, at most four times
        (200, 0.025, 350),  # 1.5625 * 1.05 * 200 = 328, rounded up to fifties
        (200, 0.0201, 250),  # at least fifty more
        (200, math.inf, 800),
        (400, 0.04, 1000),  # the cap
    ],
)
def test_where_to_look_next(members, half_width, expected):
    goal = parse_goal("mean(index_2040) +- 0.02")
    assert next_look(members, [goal], [Estimate(0.5, half_width, members)], 1000) == expected


def test_it_stops_at_a_run_of_fixed_size(tiny, tmp_path, small_looks, assert_equal_runs):
    columns = run_scenario(_with(tiny, 40), tmp_path / "all").columns()
    goal = next(
        goal
        for goal in (parse_goal(f"{TRUST}{width}") for width in (0.02, 0.015, 0.012, 0.01, 0.008, 0.006))
        if not goal.reached(goal.estimate({"trust_mean_2040": columns["trust_mean_2040"][:8]}))
    )
    found = run_until(tiny, [goal], tmp_path / "grown", cap=40, threads=2)
    members = found.run.manifest["members"]
    assert found.reached and 8 < members <= 40 and goal.reached(found.estimates[0])
    assert_equal_runs(found.run, run_scenario(_with(tiny, members), tmp_path / "fixed"))
    # the first members of a bigger run are these members
    for name, values in found.run.columns().items():
        assert values.tobytes() == columns[name][:members].tobytes()
    again = run_until(tiny, [goal], tmp_path / "grown", cap=40)
    assert again.run.path == found.run.path and [path.name for path in (tmp_path / "grown").iterdir()] == [
        found.run.path.name
    ]


def test_the_cap_is_the_end(tiny, tmp_path, small_looks, assert_equal_runs):
    found = run_until(tiny, [parse_goal(f"{TRUST}1e-9")], tmp_path / "grown", cap=12)
    assert not found.reached and found.run.manifest["members"] == 12
    assert_equal_runs(found.run, run_scenario(tiny, tmp_path / "fixed"))


def test_an_interrupted_search_goes_on(tiny, tmp_path, small_looks, monkeypatch, assert_equal_runs):
    goal, simulated = parse_goal(f"{TRUST}1e-9"), []
    real = work.simulate_part

    def stops(ready, first, last, kept):
        simulated.append((first, last))
        if first >= 8:
            raise KeyboardInterrupt
        return real(ready, first, last, kept)

    monkeypatch.setattr(work, "simulate_part", stops)
    with pytest.raises(KeyboardInterrupt):
        run_until(tiny, [goal], tmp_path / "grown", cap=12, threads=1)
    monkeypatch.setattr(work, "simulate_part", lambda *given: simulated.append(given[1:3]) or real(*given))
    simulated.clear()
    found = run_until(tiny, [goal], tmp_path / "grown", cap=12, threads=1)
    assert simulated and all(first >= 8 for first, last in simulated)
    assert_equal_runs(found.run, run_scenario(tiny, tmp_path / "fixed"))


def test_an_unknown_outcome_is_said_before_anything_runs(tiny, tmp_path):
    with pytest.raises(GoalError, match="Did you mean trust_mean_2040"):
        run_until(tiny, [parse_goal("mean(trust_mean_2041) +- 0.1")], tmp_path)
    assert list(tmp_path.iterdir()) == []


def _with(scenario, members):
    return replace(scenario, run=scenario.run.model_copy(update={"members": members}))


def test_members_of_the_command_line_are_the_cap():
    scenario = load_scenario("baseline", ["run.members=7"])
    assert until._with_members(scenario, 7).resolved() == scenario.resolved()


@pytest.mark.parametrize("chance", [0.1, 0.8])
def test_intervals_still_cover_when_the_search_stops(chance):
    # made-up members: 1,500 searches for a known probability
    random, goal, inside = np.random.default_rng(5), parse_goal("P(index_2040 > 0) +- 0.03"), 0
    for _ in range(1500):
        members = 200
        happened = int(random.binomial(members, chance))
        while True:
            found = probability(happened, members)
            estimate = Estimate(found.value, (found.high - found.low) / 2, members)
            if goal.reached(estimate):
                break
            more = next_look(members, [goal], [estimate], 20_000) - members
            members, happened = members + more, happened + int(random.binomial(more, chance))
        inside += found.low <= chance <= found.high
    assert 0.93 < inside / 1500 < 0.975
