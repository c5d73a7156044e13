"""The same member is the same history: whatever the face, the division of work, or the compiler."""

import os
import subprocess
import sys

import numpy as np
import pytest

from sim.model import simulate_members
from sim.model.region_model import RegionModel


def assert_equal_blocks(one, other):
    """Every number of two blocks, bit for bit."""
    for kind in ("drawn", "yearly", "monthly"):
        a, b = getattr(one, kind), getattr(other, kind)
        assert a.keys() == b.keys()
        for name in a:
            assert np.array_equal(a[name], b[name], equal_nan=True), (kind, name)
    assert np.array_equal(one.events, other.events)


@pytest.mark.parametrize(("scenario", "member"), [("baseline", 5), ("free-run", 0), ("leadership-reversal-uzb", 3)])
def test_mesa_run_equals_its_ensemble_member(world_of, block_of, scenario, member):
    block = block_of(scenario)
    model = RegionModel(world_of(scenario).scenario, member=member, world=world_of(scenario))
    model.run_model()
    for name, values in block.monthly.items():
        assert np.array_equal(model.frame[name].to_numpy(), values[member]), name
    for name, values in block.yearly.items():
        assert np.array_equal(model.yearly[name].to_numpy(), values[member], equal_nan=True), name
    assert np.array_equal(model.events, block.events[block.events["member"] == member])


def test_agents_are_views_of_the_run(world_of):
    model = RegionModel(world_of().scenario, world=world_of())
    for _ in range(5):
        model.step()
    agent = next(a for a in model.agents if a.id == "UZB")
    assert agent.trust["TJK"] == model.region.beliefs.trust[agent.index, model.world.states.index("TJK")]
    agent.openness = -2.0
    assert model.region.polity.openness[agent.index] == -2.0
    assert list(model.agent_frame.index) == list(model.world.states)


@pytest.mark.parametrize("sizes", [[1] * 24, [5, 7, 12], [23, 1]])
def test_division_of_work_changes_nothing(world_of, block_of, sizes):
    whole = block_of("free-run")
    first = 0
    for size in sizes:
        part = simulate_members(world_of("free-run"), first, first + size)
        for name, values in whole.yearly.items():
            assert np.array_equal(part.yearly[name], values[first : first + size], equal_nan=True), name
        mine = (whole.events["member"] >= first) & (whole.events["member"] < first + size)
        assert np.array_equal(part.events, whole.events[mine])
        first += size


DIGEST = """
import hashlib
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.processes.rivers import inputs
from sim.scenario import load_scenario
inputs._PASTS = 2  # rivers before the branch: uncompiled they take long, and two pasts are summed up as sixteen are
world = build_world(load_scenario("free-run", ["run.end=1999-12-31"]), load_facts())
block = simulate_members(world, 3, 5, keep_terms=True)
digest = hashlib.sha256()
for part in (block.drawn, block.yearly, block.monthly):
    for name in sorted(part):
        digest.update(part[name].tobytes())
digest.update(block.events.tobytes())
digest.update(block.terms.tobytes())
print(digest.hexdigest())
"""


def test_compilation_changes_no_bit():
    def run(**settings):
        environment = {**os.environ, **settings}
        done = subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert run() == run(NUMBA_DISABLE_JIT="1")


def test_scenarios_that_change_nothing_have_the_same_numbers(block_of, scenario_file):
    unused = scenario_file("""
extends = "baseline"
[[instruments]]
id = "never-tabled"
parties = ["KAZ", "UZB"]
opens = 2040-12-01
rule = "opt-in"
depth = 0.5
format = "eurasian"
issues = { trade = 1.0 }
""")
    one, other = block_of("baseline"), block_of(unused)
    for name, values in one.yearly.items():
        if name != "signed.never-tabled":
            assert np.array_equal(values, other.yearly[name], equal_nan=True), name


def test_scenarios_share_the_past(block_of):
    one, other = block_of("baseline"), block_of("great-power-squeeze")
    branch = (2025 - 1992) * 12 + 6
    for name in one.monthly:
        assert np.array_equal(one.monthly[name][:, :branch], other.monthly[name][:, :branch]), name
    assert any(not np.array_equal(one.monthly[name], other.monthly[name]) for name in one.monthly)
