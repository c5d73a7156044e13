"""Reading one TOML file with the lines of its keys, and telling in plain words why it cannot be read."""

import os
import re
import tomllib
from dataclasses import dataclass

from sim.errors import Origin, Problem, ScenarioError, printable
from sim.facts.files import Unreadable, decode, label_of, not_utf8, read_bytes
from sim.scenario.positions import Path, Positions, find_positions

DEEPEST_TABLE = 12
MOST_DOTS_IN_A_LINE = 500
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\s*$")


@dataclass(frozen=True)
class Document:
    """The content of one file (or of one setting on the command line) before any meaning is read into it."""

    label: str
    path: str
    values: dict
    positions: Positions

    @property
    def name(self) -> str:
        """The file's name without folder and ending."""
        return os.path.basename(self.path).removesuffix(".toml")

    def origin(self, path: Path) -> Origin:
        return Origin(self.label, self.positions.line(path))

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.label, self.positions.line(path), message)


def setting_document(origin: Origin, values: dict, lines: dict[Path, int] | None = None) -> Document:
    """What a setting says, in the same form as a file; errors are told at its origin, or at the line of their path."""
    return Document(origin.file, "", values, Positions(lines or {}, fallback=origin.line))


def read_document(path: str | os.PathLike) -> Document:
    """Read a TOML file.

    Raises ScenarioError, always with one problem, if it is missing, unreadable, too large, not UTF-8, not TOML, or
    nested beyond anything a scenario needs.
    """
    label = label_of(path)
    text = read_text(path, label)
    for number, line in enumerate(text.split("\n"), start=1):
        # The standard parser takes time with the square of the number of parts of a key.
        if line.count(".") > MOST_DOTS_IN_A_LINE:
            raise _fail(label, number, f"has more than {MOST_DOTS_IN_A_LINE} dots in one line: not a scenario file.")
    values = _parse(text, label)
    return Document(label, os.path.abspath(path), values, find_positions(text))


def _fail(label: str, line: int, message: str) -> ScenarioError:
    return ScenarioError([Problem(label, line, message)])


def read_text(path: str | os.PathLike, label: str, what: str = "a scenario file") -> str:
    """The text of a file that a user wrote.  ScenarioError, saying it should be `what`, if it cannot be one."""
    try:
        return decode(read_bytes(path, what))
    except Unreadable as error:
        raise _fail(label, 0, str(error)) from None
    except UnicodeDecodeError as error:
        raise _fail(label, *not_utf8(error)) from None


def _parse(text: str, label: str) -> dict:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fail(label, *_syntax(str(error), text)) from None
    except RecursionError:
        raise _fail(label, 0, "is nested too deeply: not a scenario file.") from None
    except ValueError:
        # Python refuses to read whole numbers of thousands of digits.
        raise _fail(label, _line_of_value_error(text), "holds a number of too many digits.") from None
    if depth_of(values) > DEEPEST_TABLE:
        raise _fail(label, 0, f"is nested more than {DEEPEST_TABLE} levels deep: not a scenario file.")
    return values


def _syntax(message: str, text: str) -> tuple[int, str]:
    place = _PLACE.search(message)
    what = printable(_PLACE.sub("", message)).rstrip(".")
    if place and place[1]:
        return int(place[1]), f"is not TOML, column {place[2]}: {what}."
    return text.count("\n") + 1, f"is not TOML, at the end of the file: {what}."


def _line_of_value_error(text: str) -> int:
    """The first line up to which the text fails in this way; the parser itself does not say."""
    lines = text.split("\n")
    low, high = 1, len(lines)
    while low < high:
        middle = (low + high) // 2
        try:
            tomllib.loads("\n".join(lines[:middle]))
            low = middle + 1
        except tomllib.TOMLDecodeError:
            low = middle + 1
        except (ValueError, RecursionError):
            high = middle
    return low


def depth_of(values: dict) -> int:
    """How many tables and arrays lie within each other, counted no further than one beyond what is allowed."""
    deepest, waiting = 0, [(values, 1)]
    while waiting:
        value, level = waiting.pop()
        if level > DEEPEST_TABLE + 1:
            return level
        deepest = max(deepest, level)
        inner = value.values() if isinstance(value, dict) else value
        waiting += [(item, level + 1) for item in inner if isinstance(item, dict | list)]
    return deepest
