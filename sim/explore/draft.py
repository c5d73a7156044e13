"""What was tuned on the page, as a scenario file that extends its origin: what is simulated is what is saved."""

import json
import os
import re
import tempfile
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sim.runs import OutputError
from sim.runs.errors import explained
from sim.scenario import Scenario, load_scenario
from sim.scenario.load import shipped

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_ID = Annotated[str, Field(max_length=80)]


class Changes(BaseModel):
    """What differs from the origin; sizes are bounded, the scenario's own checks do the rest.

    ``add`` names scenarios that ship whose events and instruments are taken over.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    parameters: Annotated[dict[_ID, float | int | str], Field(max_length=200)] = {}
    drop_events: Annotated[list[_ID], Field(max_length=200)] = []
    drop_instruments: Annotated[list[_ID], Field(max_length=200)] = []
    add: Annotated[list[_ID], Field(max_length=20)] = []

    @property
    def any(self) -> bool:
        """Whether anything differs at all."""
        return bool(self.parameters or self.drop_events or self.drop_instruments or self.add)


class Origin:
    """A scenario that the page starts from: one that ships, or a file of the user's."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        self.name, self.path = name, path

    def load(self, settings: list[str] | None = None) -> Scenario:
        """The scenario as it is; raises ScenarioError."""
        return load_scenario(self.path or self.name, settings or [])

    @property
    def extends(self) -> str:
        """What an extending file says; a user's file must lie beside it."""
        return self.path.name if self.path else self.name

    def folder(self, chosen: Path) -> Path:
        """Where an extending file may lie: the chosen folder, or that of the user's own file."""
        return self.path.parent if self.path else chosen


def additions(name: str) -> dict[str, list[dict]]:
    """Events and instruments that a scenario that ships states itself, as its file has them; each with an id."""
    values = tomllib.loads(shipped()[name].read_text(encoding="utf-8"))
    events = [{"id": f"{name}-{place}", **event} for place, event in enumerate(values.get("events", []), start=1)]
    return {"events": events, "instruments": list(values.get("instruments", []))}


def text_of(origin: Origin, changes: Changes, title: str = "", description: str = "") -> str:
    """The scenario file of what was tuned.  Raises OutputError if it adds from a scenario that does not ship."""
    unknown = [name for name in changes.add if name not in shipped()]
    if unknown:
        raise OutputError(f"{unknown[0]}: no scenario of this name ships.")
    lines = [f"extends = {_value(origin.extends)}"]
    lines += [f"title = {_value(title)}"] if title else []
    lines += [f"description = {_value(description)}"] if description else []
    lines += [f"drop_events = {_value(changes.drop_events)}"] if changes.drop_events else []
    lines += [f"drop_instruments = {_value(changes.drop_instruments)}"] if changes.drop_instruments else []
    if changes.parameters:
        lines += ["", "[parameters]"]
        lines += [f"{_value(name)} = {_value(value)}" for name, value in sorted(changes.parameters.items())]
    for name in changes.add:
        found = additions(name)
        for section in ("events", "instruments"):
            for entry in found[section]:
                lines += ["", f"[[{section}]]", *(f"{key} = {_value(value)}" for key, value in entry.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """A value as TOML; strings of JSON are basic strings of TOML but for DEL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_value(key)} = {_value(each)}' for key, each in value.items())} }}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def load_draft(origin: Origin, changes: Changes, settings: list[str]) -> Scenario:
    """The scenario that the file would be.  Raises ScenarioError with every problem in it."""
    if not changes.any:
        return origin.load(settings)
    folder = origin.path.parent if origin.path else Path(tempfile.gettempdir())
    with explained(folder):
        handle, name = tempfile.mkstemp(".toml", ".casim-draft-", folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text_of(origin, changes))
        return load_scenario(Path(name), settings)
    finally:
        Path(name).unlink(missing_ok=True)


def save(origin: Origin, changes: Changes, folder: Path, name: str, title: str, description: str) -> tuple[Path, str]:
    """Write the scenario file; returns its path and text.

    Raises OutputError for a name that is none or is taken, ScenarioError if the scenario would not be valid.
    """
    if not _NAME.fullmatch(name):
        raise OutputError("A name is small letters, digits and hyphens, at most 60, such as my-scenario.")
    if name in shipped():
        raise OutputError(f"{name} is the name of a scenario that ships.  Choose another.")
    load_draft(origin, changes, [])
    path = origin.folder(folder) / f"{name}.toml"
    text = text_of(origin, changes, title, description)
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "x", encoding="utf-8") as file:
                file.write(text)
    except OutputError:
        if path.exists():
            raise OutputError(f"{path} is there already.  Choose another name.") from None
        raise
    return path, text
