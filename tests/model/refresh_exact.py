"""Write `exact.json` anew: the numbers that `test_exact.py` expects of a small run, digit for digit.

    python -m tests.model.refresh_exact

Run it when a change of the model is meant to change numbers, raise `sim.model.MODEL_VERSION` first, and say why in the
commit: numbers that moved under an unchanged version are refused, since runs are kept by that version.
"""

import hashlib
import json
import math
import sys
from pathlib import Path

from sim.facts import load_facts
from sim.model import MODEL_VERSION, build_world, simulate_members
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


def digest(found: dict) -> str:
    """Identifies the numbers, to twelve significant digits."""

    def rounded(value):
        if isinstance(value, dict):
            return {key: rounded(item) for key, item in value.items()}
        if isinstance(value, list):
            return [rounded(item) for item in value]
        return f"{value:.12g}" if isinstance(value, float) else value

    plain = {name: found[name] for name in SCENARIOS}
    return hashlib.sha256(json.dumps(rounded(plain), sort_keys=True).encode()).hexdigest()[:16]


def refresh(found: dict, version: str, file: Path = FILE) -> str | None:
    """Write the numbers under the version; or why they are not written."""
    versions = json.loads(file.read_text()).get("versions", {}) if file.exists() else {}
    own = digest(found)
    if versions.get(version, own) != own:
        return f"numbers moved, and version {version} of the model has other ones: raise sim.model.MODEL_VERSION first"
    plain = {name: found[name] for name in SCENARIOS}
    file.write_text(json.dumps({"versions": {**versions, version: own}, **plain}, indent=0) + "\n")
    return None


if __name__ == "__main__":
    sys.exit(refresh(numbers(), MODEL_VERSION))
