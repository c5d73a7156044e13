"""Settings on the command line, KEY=VALUE: a last layer over the file, one value each.

KEY is dotted as in `explain`; the name of a parameter may stand alone.  VALUE is read as TOML, and as a bare word when
it is none.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from sim.errors import COMMAND_LINE, Origin, Problem, ScenarioError, printable, suggestion
from sim.scenario.document import DEEPEST_TABLE, MOST_DOTS_IN_A_LINE, depth_of, setting_document
from sim.scenario.merge import Layers, layer_of, overlay
from sim.scenario.parameters import flatten

LISTS = ("events", "instruments")
_TEXTS = ("title", "description")
SETTABLE = ("run", "calibration", "parameters", "states", *LISTS, *_TEXTS)
_LONGEST = 10_000


@dataclass(frozen=True)
class Setting:
    """One setting: where it was made (on the command line, with its ordinal from 1), its key in parts, its value."""

    origin: Origin
    key: tuple[str, ...]
    value: Any

    @property
    def by_number(self) -> bool:
        """Whether it addresses an entry without an id, by its place in the order of entries."""
        return self.key[0] in LISTS and self.key[1].isdigit()

    @property
    def name(self) -> str:
        return ".".join(self.key)

    def nested(self) -> dict:
        """The setting in the shape of a file."""
        return reduce(lambda value, part: {part: value}, reversed(self.key), self.value)

    def texts(self) -> dict[str, str]:
        return {self.key[0]: self.value} if self.key[0] in _TEXTS else {}

    def problem(self, message: str) -> Problem:
        return Problem(self.origin.file, self.origin.line, message)

    def error(self, message: str) -> ScenarioError:
        return ScenarioError([self.problem(message)])


def parse_setting(ordinal: int, text: str, parameters: set[str]) -> Setting:
    """Read KEY=VALUE.  Raises ScenarioError if it has not this form or KEY cannot be set."""
    written, equals, value = text.partition("=")
    unread = Setting(Origin(COMMAND_LINE, ordinal), (), None)
    if not equals or not written.strip():
        raise unread.error(f"{printable(text) or 'an empty text'} is not of the form KEY=VALUE.")
    if len(text) > _LONGEST or written.count(".") > MOST_DOTS_IN_A_LINE:
        raise unread.error(f"is longer than {_LONGEST:,} characters.")
    key = _parse_key(unread, written.strip())
    if ".".join(key) in parameters:
        key = ("parameters", *key)
    setting = Setting(unread.origin, key, _parse_value(unread, written.strip(), value.strip()))
    if key[0] not in SETTABLE:
        near = suggestion(setting.name, [*SETTABLE, *sorted(parameters)], most_listed=0)
        begin = f"  Keys begin with: {', '.join(SETTABLE)}."
        raise setting.error(f"{printable(setting.name)} is not a known key.{begin}{near}")
    if key[0] in LISTS and len(key) < 3:
        raise setting.error(f"{printable(setting.name)} must name one value, such as {key[0]}.NAME.FIELD.")
    return setting


def _parse_key(setting: Setting, written: str) -> tuple[str, ...]:
    table = _toml(f"{written} = 0") if "\n" not in written and "=" not in written else None
    if not isinstance(table, dict) or len(table) != 1:
        raise setting.error(f"{printable(written)} is not a dotted key such as run.members.")
    parts = []
    while isinstance(table, dict):
        part, table = next(iter(table.items()))
        parts.append(part)
    if len(parts) > DEEPEST_TABLE:
        raise setting.error(f"{printable(written)} has more than {DEEPEST_TABLE} parts.")
    return tuple(parts)


def _parse_value(setting: Setting, key: str, written: str) -> Any:
    table = _toml(f"value = {written}")
    if isinstance(table, dict) and depth_of(table) > DEEPEST_TABLE:
        raise setting.error(f"{printable(key)} is given a value that is nested too deeply.")
    if isinstance(table, dict) and table.keys() == {"value"}:
        return table["value"]
    if written[:1] in ('"', "'", "[", "{") or not written.isprintable():
        raise setting.error(f"{printable(key)} is given {printable(written)}, which is not a TOML value.")
    return written


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def apply_setting(layers: Layers, setting: Setting) -> Layers:
    """Layers in order with the setting on top.  Raises ScenarioError if it addresses an entry that is not there."""
    if setting.key[0] in _TEXTS:
        return layers
    if setting.key[0] in LISTS:
        return _edit_entry(layers, setting)
    document = setting_document(setting.origin, setting.nested())
    overrides = flatten(document.values.get("parameters", {}))
    parameters = {".".join(path): (value if isinstance(value, str) else float(value), ()) for path, value in overrides}
    return overlay(layers, layer_of(document, parameters))


def _edit_entry(layers: Layers, setting: Setting) -> Layers:
    section, label, field, *rest = setting.key
    entries = list(getattr(layers, section))
    labels = [entry.id or str(number) for number, entry in enumerate(entries, start=1)]
    if label not in labels:
        known = suggestion(label, labels) if labels else "  There are none."
        raise setting.error(f"{section}.{printable(label)} is not an entry of [[{section}]]." + known)
    index = labels.index(label)
    value = setting.value
    if rest:
        inner, _ = entries[index].values.get(field, ({}, None))
        value = {**(inner if isinstance(inner, dict) else {}), ".".join(rest): value}
    values = {**entries[index].values, field: (value, setting.origin)}
    entries[index] = replace(entries[index], values=values)
    return replace(layers, **{section: tuple(entries)})
