"""The line of every key, table header and array element of a TOML text.

The standard library's parser gives values without positions; the tree-sitter grammar for TOML gives positions without
values.  This file turns a syntax tree into lines by path, where a path is a tuple of keys and list indices, as in
("events", 0, "date").
"""

import re
import tomllib
from functools import lru_cache

Path = tuple[str | int, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
_SKIPPED = frozenset({"comment", "ERROR"})


class Positions:
    """Lines (from 1) of what a TOML text contains; for an unknown path, the line of its nearest known ancestor."""

    def __init__(self, lines: dict[Path, int], fallback: int = 1):
        self._lines = lines
        self._fallback = fallback

    def line(self, path: Path) -> int:
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return self._fallback

    def __contains__(self, path: Path) -> bool:
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
        self.lines: dict[Path, int] = {}
        self._elements: dict[Path, int] = {}

    def statement(self, node) -> None:
        if node.type == "pair":
            self._values([(node, ())])
        elif node.type in ("table", "table_array_element"):
            parts = node.named_children
            if not parts or parts[0].type not in _KEYS:
                return
            header = self._open(_key_parts(parts[0].text.decode()), node.type == "table_array_element")
            self._note(header, node)
            self._values([(part, header) for part in parts[1:] if part.type == "pair"])

    def _open(self, keys: tuple[str, ...], new_element: bool) -> Path:
        """The path a table header stands for: below an array of tables it means that array's latest element."""
        path: Path = ()
        for depth, key in enumerate(keys, start=1):
            path += (key,)
            if new_element and depth == len(keys):
                self._elements[path] = self._elements.get(path, -1) + 1
            if path in self._elements:
                path += (self._elements[path],)
        return path

    def _note(self, path: Path, node) -> None:
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
