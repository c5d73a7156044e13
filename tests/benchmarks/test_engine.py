"""How many histories a second one core goes through. docs/performance.md has the command and the figures.

In the normal run benchmarks are disabled: then each of these only shows that a few members go through.
"""

import pytest

from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_members_a_second(benchmark, name):
    """`simulate_members` on the calling thread, after compilation."""
    members = 50 if benchmark.enabled else 2
    world = build_world(load_scenario(name), load_facts())
    simulate_members(world, 0, 1)
    block = benchmark.pedantic(simulate_members, args=(world, 0, members), rounds=15)
    assert len(block.members) == members and len(block.events)
    if benchmark.enabled:
        benchmark.extra_info["members_per_second_best"] = round(members / benchmark.stats.stats.min, 1)
        benchmark.extra_info["members_per_second_median"] = round(members / benchmark.stats.stats.median, 1)
