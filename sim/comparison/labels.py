"""What tables and plots call the runs that they compare: titles, and the values of a design's keys."""

from collections.abc import Sequence
from typing import Any

from sim.comparison.compare import Comparison
from sim.comparison.grid import design_of, point_of
from sim.facts import load_facts
from sim.words import counted, named, sentence

_NAMED = 6


def said(value: Any) -> str:
    """A value of a key in few characters."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def short_keys(keys: Sequence[str]) -> list[str]:
    """Dotted keys by their last two parts, or by as many as tell them apart."""
    for parts in range(2, 6):
        found = [".".join(key.split(".")[-parts:]) for key in keys]
        if len(set(found)) == len(found):
            return found
    return list(keys)


def key_in_words(key: str) -> str:
    """What a plot calls a key of a scenario: a parameter by its meaning, a field of an event or instrument by its id.

    ``events.dry-decade.factor`` is ``dry decade: factor``; ``parameters.`` may be left out.
    """
    name = key.removeprefix("parameters.")
    meaning = next((row.meaning for row in load_facts().parameters if row.name == name), "")
    if meaning:
        return sentence(named(meaning))
    table, _, rest = key.partition(".")
    owner, _, field = rest.rpartition(".")
    if table in ("events", "instruments") and owner:
        return sentence(f"{owner.replace('-', ' ')}: {field.replace('_', ' ')}")
    return key


def varied_keys(comparisons: Sequence[Comparison]) -> list[str]:
    """Keys of a design that differ between the runs; none unless all are points of one."""
    points = [point_of(each) for each in comparisons]
    keys = [key for key in points[0] if all(key in point for point in points)]
    return [key for key in keys if len({repr(point[key]) for point in points}) > 1]


def label_of(comparison: Comparison) -> str:
    """Values of a point of a design by key, else the scenario's title, else its name."""
    point = point_of(comparison)
    if point:
        return ", ".join(f"{key} {said(value)}" for key, value in zip(short_keys(list(point)), point.values()))
    return str(comparison.run.manifest.get("title") or comparison.run.name)


def labels(comparisons: Sequence[Comparison]) -> list[str]:
    """A label for each run, with its name where several have one title."""
    found = [label_of(each) for each in comparisons]
    return [f"{each} ({one.run.name})" if found.count(each) > 1 else each for each, one in zip(found, comparisons)]


def source(comparisons: Sequence[Comparison]) -> str:
    """What is compared, for the foot of a plot."""
    first = comparisons[0]
    if len(comparisons) > 1 and all(point_of(each) for each in comparisons):
        runs = f"{len(comparisons)} points of {design_of(first)}"
    else:
        runs = ", ".join(f"{each.run.name} {each.run.key[:8]}" for each in comparisons[:_NAMED])
        runs += f" and {len(comparisons) - _NAMED} more" if len(comparisons) > _NAMED else ""
    members = sorted({each.members for each in comparisons})
    pairs = counted(members[0], "pair") if len(members) == 1 else f"{members[0]:,} to {members[-1]:,} pairs"
    return (
        f"Source: casim {first.run.manifest['versions']['casim']}, {runs} against {first.against.name} "
        f"{first.against.key[:8]}, {pairs} of members, seed {first.run.manifest['seed']}"
    )
