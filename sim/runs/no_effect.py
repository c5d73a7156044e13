"""Did the scenario move anything?  Its first members against the same members of its parent, bit for bit."""

from typing import Any

import numpy as np

from sim.outcomes import Catalogue
from sim.runs.manifest import canonical
from sim.runs.tables import catalogue_of, coded_table, from_engine, readable_table

#: Members compared; enough to meet most branches, few enough to cost no time.
COMPARED = 50
_FEW = 5


def same_draws(scenario: Any, parent: Any) -> bool:
    """Whether two scenarios can be compared member by member: same span, branch and seed."""
    return all(getattr(scenario.run, name) == getattr(parent.run, name) for name in ("start", "branch", "end", "seed"))


def _content(scenario: Any) -> dict[str, Any]:
    """What is simulated for one member: everything but how many members there are and what is kept."""
    resolved = scenario.resolved()
    resolved["run"] = {name: value for name, value in resolved["run"].items() if name not in ("members", "keep_terms")}
    return resolved


def compared_with(scenario: Any) -> Any | None:
    """The scenario to compare with: what this one changes, or None if it changes nothing or shares no random numbers.

    A file or settings that only ask for more members change nothing, so what they change is compared in their place.
    """
    parent = scenario.parent()
    if parent is not None and _content(parent) == _content(scenario):
        parent = parent.parent()
    return parent if parent is not None and same_draws(scenario, parent) else None


def _equal(ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> bool:
    """Equal bit for bit; a series that only one of them has counts as equal if nothing ever happens in it."""
    common = ours.keys() & theirs.keys()
    alone = [values for names in (ours, theirs) for name, values in names.items() if name not in common]
    return all(np.array_equal(ours[name], theirs[name], equal_nan=True) for name in common) and not any(
        np.any(values) for values in alone
    )


def _events(block: Any, catalogue: Catalogue):
    return readable_table(coded_table(from_engine(block.events, catalogue)), catalogue).to_pylist()


_met: dict[bytes, tuple[Any, dict[int, Any]]] = {}


def _first_members(parent: Any, members: int, facts: Any) -> tuple[Any, Any]:
    """World and first members of a parent; the latest is kept, since many scenarios of a batch extend the same."""
    from sim.model import build_world, simulate_members

    address = canonical([_content(parent), facts.digest])
    world, blocks = _met.get(address) or (build_world(parent, facts), {})
    if members not in blocks:
        blocks[members] = simulate_members(world, 0, members)
    _met.clear()
    _met[address] = world, blocks
    return world, blocks[members]


def moved_nothing(world: Any, scenario: Any, parent: Any, facts: Any) -> bool | None:
    """Whether no recorded number of the first members differs from those of the parent.

    A few are compared first: they mostly tell.  None if a member fails: then there is nothing to compare, and the run
    itself tells of the failure.
    """
    members = min(COMPARED, scenario.run.members)
    try:
        return all(_alike(world, scenario, parent, facts, n) for n in (min(_FEW, members), members))
    except Exception:
        return None


def _alike(world: Any, scenario: Any, parent: Any, facts: Any, members: int) -> bool:
    from sim.model import simulate_members

    parent_world, theirs = _first_members(parent, members, facts)
    ours = simulate_members(world, 0, members)
    if not all(_equal(getattr(ours, table), getattr(theirs, table)) for table in ("yearly", "monthly")):
        return False
    theirs_named = catalogue_of(parent_world, parent, facts)
    return _events(ours, catalogue_of(world, scenario, facts)) == _events(theirs, theirs_named)


def remarks_on(scenario: Any, no_effect: bool | None) -> dict[str, Any]:
    """What a manifest says of a scenario that may have moved nothing, and of settings that change no value."""
    from sim.scenario import same_as_parent

    compared = min(COMPARED, scenario.run.members) if no_effect is not None else 0
    same = [] if scenario.point is not None else [str(key) for key in same_as_parent(scenario)]
    return {"no_effect": no_effect, "compared_members": compared, "same_as_parent": same}
