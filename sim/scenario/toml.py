"""Reading one TOML file with the lines of its keys, and saying in plain words why it cannot be read.

The standard library's parser gives values without positions; the tree-sitter grammar for TOML gives positions without
values. A path is a tuple of keys and list indices, as in ("events", 0, "date").
"""

import os
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.errors import Origin, Problem, ScenarioError, printable
from sim.facts.files import Unreadable, decode, label_of, not_utf8, read_bytes
from sim.scenario.slips import slips_in

KeyPath = tuple[str | int, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
_SKIPPED = frozenset({"comment", "ERROR"})
DEEPEST_TABLE = 12
MOST_DOTS_IN_A_LINE = 500
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\s*$")


class Positions:
    """Lines (from 1) of what a TOML text contains; for an unknown path, the line of its nearest known ancestor."""

    def __init__(self, lines: dict[KeyPath, int], fallback: int = 1):
        self._lines = lines
        self._fallback = fallback

    def line(self, path: KeyPath) -> int:
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return self._fallback

    def __contains__(self, path: KeyPath) -> bool:
        return path in self._lines


def find_positions(text: str) -> Positions:
    """Positions in a text that the standard library has already accepted as TOML."""
    import tree_sitter
    import tree_sitter_toml

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    collector = _Collector()
    for node in parser.parse(text.encode()).root_node.named_children:
        collector.statement(node)
    return Positions(collector.lines)


class _Collector:
    """Walks the statements of a document in order, remembering which element of each array of tables is open."""

    def __init__(self):
        self.lines: dict[KeyPath, int] = {}
        self._elements: dict[KeyPath, int] = {}

    def statement(self, node) -> None:
        """Take in a pair or a table of the document."""
        if node.type == "pair":
            self._values([(node, ())])
        elif node.type in ("table", "table_array_element"):
            parts = node.named_children
            if not parts or parts[0].type not in _KEYS:
                return
            header = self._open(_key_parts(parts[0].text.decode()), node.type == "table_array_element")
            self._note(header, node)
            self._values([(part, header) for part in parts[1:] if part.type == "pair"])

    def _open(self, keys: tuple[str, ...], new_element: bool) -> KeyPath:
        """The path a table header stands for: below an array of tables it means that array's latest element."""
        path: KeyPath = ()
        for depth, key in enumerate(keys, start=1):
            path += (key,)
            if new_element and depth == len(keys):
                self._elements[path] = self._elements.get(path, -1) + 1
            if path in self._elements:
                path += (self._elements[path],)
        return path

    def _note(self, path: KeyPath, node) -> None:
        """A path and the tables it implies stand where they are first written."""
        line = node.start_point[0] + 1
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _values(self, waiting: list) -> None:
        """Pairs and values with the path they stand under; a list of work instead of recursion, for any depth."""
        while waiting:
            node, path = waiting.pop()
            if node.type == "pair":
                key, *values = [child for child in node.named_children if child.type not in _SKIPPED]
                path += _key_parts(key.text.decode())
                self._note(path, node)
                waiting += [(value, path) for value in values]
            elif node.type == "inline_table":
                waiting += [(child, path) for child in node.named_children if child.type == "pair"]
            elif node.type == "array":
                items = [child for child in node.named_children if child.type not in _SKIPPED]
                for index, item in enumerate(items):
                    self._note((*path, index), item)
                    waiting.append((item, (*path, index)))


@lru_cache(maxsize=4096)
def _key_parts(written: str) -> tuple[str, ...]:
    """The parts of a key as written: dotted, quoted, with escapes; decoded by the standard library itself."""
    if _BARE.fullmatch(written):
        return (written,)
    try:
        table = tomllib.loads(f"{written} = 0")
    except (tomllib.TOMLDecodeError, RecursionError):
        return (written,)
    parts = []
    while isinstance(table, dict):
        key, table = next(iter(table.items()))
        parts.append(key)
    return tuple(parts)


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

    def origin(self, path: KeyPath) -> Origin:
        return Origin(self.label, self.positions.line(path))

    def problem(self, path: KeyPath, message: str) -> Problem:
        return Problem(self.label, self.positions.line(path), message)


def setting_document(origin: Origin, values: dict, lines: dict[KeyPath, int] | None = None) -> Document:
    """What a setting says, in the same form as a file; errors stand at its origin, or at the line of their path."""
    return Document(origin.file, "", values, Positions(lines or {}, fallback=origin.line))


def read_document(path: str | os.PathLike) -> Document:
    """Read a TOML file.

    Raises ScenarioError if it is missing, unreadable, too large, not UTF-8, not TOML, or
    nested beyond anything a scenario needs.
    """
    label = label_of(path)
    try:
        text = decode(read_bytes(path, "a scenario file"))
    except Unreadable as error:
        raise _fail(label, 0, str(error)) from None
    except UnicodeDecodeError as error:
        raise _fail(label, *not_utf8(error)) from None
    for number, line in enumerate(text.split("\n"), start=1):
        # The standard parser takes time with the square of the number of parts of a key.
        if line.count(".") > MOST_DOTS_IN_A_LINE:
            raise _fail(label, number, f"has more than {MOST_DOTS_IN_A_LINE} dots in one line: not a scenario file.")
    values = _parse(text, label)
    return Document(label, os.path.abspath(path), values, find_positions(text))


def _fail(label: str, line: int, message: str) -> ScenarioError:
    return ScenarioError([Problem(label, line, message)])


def _parse(text: str, label: str) -> dict:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = slips_in(text) or [_syntax(str(error), text)]
        raise ScenarioError([Problem(label, line, message) for line, message in found]) from None
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


def flatten(table: dict, prefix: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    """Every value of nested tables with its path: `trust.x = 1` and `[parameters.trust] x = 1` are the same."""
    found = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += flatten(value, (*prefix, key))
        else:
            found.append(((*prefix, key), value))
    return found
