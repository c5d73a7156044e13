"""What is wrong with a user's input, said the way a compiler says it: file, line, what it is, what would be right.

Scenario files, settings, tables of facts, tables of a user and files of milestones all speak through `Problem`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

COMMAND_LINE = "command line"
MOST_REPORTED = 100  # errors of one file; finding the nearest name takes time
_LONGEST_SHOWN = 80


@dataclass(frozen=True, order=True)
class Origin:
    """Where a value was set: a file and a line (from 1; 0 when a line makes no sense)."""

    file: str
    line: int

    def __str__(self) -> str:
        if self.file == COMMAND_LINE:
            return f"--set {self.line}"
        return f"{self.file}:{self.line}" if self.line else self.file


DEFAULT = Origin("default", 0)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with an input.

    `line` counts from 1; 0 stands for the file as a whole. For settings on the command line `file` is "command line"
    and `line` the ordinal of the setting. In tables the message begins with the column, if one is meant.
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{Origin(self.file, self.line)}: {self.message}"


class InputError(ValueError):
    """An input cannot be used. `problems` holds everything that was found, each once."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self):
        return type(self), (self.problems,)


class FactsError(InputError):
    """Tables of facts cannot be used."""


class ScenarioError(InputError):
    """A scenario cannot be used."""


def printable(text: object) -> str:
    """Text safe to print on one line: control characters escaped, long text shortened."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in str(text))
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 3] + "..."


def show(value: object, level: int = 0) -> str:
    """A value as it would stand in a TOML file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, dict | list | tuple) and level > 2:
        return "..."
    if isinstance(value, dict):
        inside = ", ".join(f"{printable(key)} = {show(item, level + 1)}" for key, item in list(value.items())[:8])
        return f"{{ {inside}{', ...' if len(value) > 8 else ''} }}" if value else "{ }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(show(item, level + 1) for item in value[:6]) + (", ...]" if len(value) > 6 else "]")
    if isinstance(value, int) and abs(value) >= 10**30:
        return "a number of more than thirty digits"
    return printable(value)


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when nothing is near; capitals do not count."""
    from difflib import SequenceMatcher, get_close_matches

    folded = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    wanted = str(name)[:200].casefold()
    found = get_close_matches(wanted, list(folded), n=5, cutoff=0.6)

    def likeness(candidate: str) -> tuple[float, bool]:
        """Among equally near names, the one with the same letters in another order is meant."""
        return SequenceMatcher(None, candidate, wanted).ratio(), sorted(candidate) == sorted(wanted)

    return folded[max(found, key=likeness)] if found else None


def suggestion(
    name: object, known: Iterable[str], most_listed: int = 16, aliases: Iterable[tuple[str, str]] = ()
) -> str:
    """Sentences to append to "... is not a ...": the known names, if few, and the nearest of them.

    `aliases` are pairs of another word for a known name and that name, such as ("Aland", "ALA").
    """
    known = list(known)
    text = f"  Known: {', '.join(known)}." if 0 < len(known) <= most_listed else ""
    words = dict(aliases)
    match = nearest(name, known) or words.get(nearest(name, words) or "")
    return text + (f"  Did you mean {match}?" if match else "")
