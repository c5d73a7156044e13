"""Write `exact.json` anew: the numbers that `test_exact.py` expects of a small run, digit for digit.

    python -m tests.model.refresh_exact

Run it when a change of the model is meant to change numbers, raise `sim.model.MODEL_VERSION`, and say why in the
commit.
"""

import json
import math
from pathlib import Path

from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario

FILE = Path(__file__).with_name("exact.json")
SCENARIOS = ("baseline", "free-run")
MEMBERS = 3
# trust, rungs and the region at these years, enough to notice any change of the engine
YEARS = (1995, 2010, 2025, 2040)


def as_json(values) -> list[float | None]:
    """Plain numbers; what is not known is null."""
    return [None if math.isnan(value) else value for value in values.tolist()]


def numbers() -> dict:
    """Series by scenario, name, year and member, and the number of events of each member."""
    found = {}
    for name in SCENARIOS:
        world = build_world(load_scenario(name), load_facts())
        block = simulate_members(world, 0, MEMBERS)
        series = {
            key: {str(year): as_json(values[:, world.years.index(year)]) for year in YEARS}
            for key, values in block.yearly.items()
        }
        events = [int((block.events["member"] == member).sum()) for member in block.members]
        found[name] = {"yearly": series, "events": events}
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(numbers(), indent=0) + "\n")
