"""Resuming a run that was stopped: which of its parts can be trusted, and which members are missing."""

from collections.abc import Collection, Sequence
from pathlib import Path

from sim.runs.errors import explained
from sim.runs.files import clear_temporaries, delete, read_json
from sim.runs.parts import NAME, NOTE, Part, read_part


def sound_parts(parts: Path, key: str, needed: Collection[str], members: int) -> list[Part]:
    """Every part that can be trusted, in member order without overlap; what cannot be trusted is deleted."""
    if not parts.is_dir():
        return []
    with explained(parts):
        clear_temporaries(parts)
        found, reached = [], 0
        for folder in sorted(parts.iterdir(), key=_range_of):
            part = read_part(folder, key, needed) if NAME.fullmatch(folder.name) else None
            if part is None or part.first < reached or part.last > members:
                delete(folder)
                continue
            found.append(part)
            reached = part.last
    return found


def _range_of(folder: Path) -> tuple[int, int]:
    matched = NAME.fullmatch(folder.name)
    # of two parts that begin alike the longer one is of more use
    return (int(matched[1]), -int(matched[2])) if matched else (-1, -1)


def gaps(found: Sequence[Part], members: int) -> list[tuple[int, int]]:
    """Members not covered by the parts, as ranges first..last-1."""
    missing, reached = [], 0
    for first, last in [*((part.first, part.last) for part in found), (members, members)]:
        if reached < first:
            missing.append((reached, first))
        reached = last
    return missing


def claimed(parts: Path) -> int:
    """Members that parts on disk claim to hold; whether they do is only looked at when the run goes on."""
    held = 0
    try:
        notes = [read_json(path) or {} for path in parts.glob(f"[0-9]*/{NOTE}")]
    except OSError:  # another process finishes this very run
        return 0
    for note in notes:
        try:
            held += int(note["last"]) - int(note["first"])
        except (ValueError, KeyError, TypeError):
            continue
    return held
