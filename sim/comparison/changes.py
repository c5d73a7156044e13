"""What differs between two resolved scenarios, as dotted keys."""

import json
from collections.abc import Mapping
from typing import Any

#: Settings that decide how much is simulated or kept, not what happens.
_NOT_CONTENT = {"run.members", "run.keep_terms"}
_ABSENT = "not set"


def _name_of(entry: Any, place: int) -> str:
    """What an entry of a list goes by: its id, or its date and kind, or its place."""
    if not isinstance(entry, Mapping):
        return str(place)
    if "id" in entry:
        return str(entry["id"])
    said = [str(entry[name]) for name in ("date", "kind", "state", "power", "actor", "format", "node") if name in entry]
    return " ".join(said) or str(place)


def flat(content: Any, key: str = "") -> dict[str, Any]:
    """Every value of nested tables under its dotted key; lists of tables by the names of their entries."""
    if isinstance(content, Mapping):
        items = [(str(name), value) for name, value in content.items()]
    elif isinstance(content, list | tuple) and any(isinstance(entry, Mapping) for entry in content):
        items = [(_name_of(entry, place), entry) for place, entry in enumerate(content)]
    elif content in ([], ()):
        return {}
    else:
        return {key: content}
    found: dict[str, Any] = {}
    for name, value in items:
        found |= flat(value, f"{key}.{name}" if key else name)
    return found


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def changes(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(key, their value, our value) of everything in which two resolved scenarios differ."""
    one, other = flat(ours), flat(theirs)
    keys = [*one, *(key for key in other if key not in one)]
    return [
        (key, _said(other.get(key, _ABSENT)), _said(one.get(key, _ABSENT)))
        for key in keys
        if key not in _NOT_CONTENT and one.get(key, _ABSENT) != other.get(key, _ABSENT)
    ]


def first_change(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> float | None:
    """Year and fraction of the first dated event that only one of two resolved scenarios has; None without any."""
    here, there = (
        {json.dumps(each, sort_keys=True, default=str): each for each in _dated(one)} for one in (ours, theirs)
    )
    dates = [str(each["date"]) for text, each in (here | there).items() if (text in here) != (text in there)]
    return min((int(date[:4]) + (int(date[5:7]) - 1) / 12 for date in dates), default=None)


def _dated(resolved: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in resolved.get("events", []) if "date" in each]


def told(found: list[tuple[str, str, str]], most: int = 6) -> list[str]:
    """The changes in words, those of one event or instrument as one line; at most ``most`` lines."""
    lines: dict[str, list[str]] = {}
    for key, before, after in found:
        parts = key.split(".")
        whole = parts[0] in ("events", "instruments") and len(parts) > 2
        head = ".".join(parts[:2]) if whole else key
        if not whole:
            lines[head] = [f"{before} -> {after}"]
        elif parts[2] not in ("id", "date", "kind"):
            said = after if before == _ABSENT else f"{before} -> {after}"
            lines.setdefault(head, []).append(f"{'.'.join(parts[2:])} {said}")
    shown = [f"{head}: {', '.join(said)}" for head, said in lines.items()]
    return shown if len(shown) <= most else [*shown[: most - 1], f"and {len(shown) - most + 1} more"]
