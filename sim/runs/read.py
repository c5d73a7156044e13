"""Reading a run: its manifest at once, its tables when asked for."""

import math
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import FactsError, printable, show
from sim.facts.record import OURS, Record, read_record
from sim.runs.errors import DamagedError, OutputError
from sim.runs.manifest import MANIFEST, RECORD, SCHEMA, check_whole, read_manifest

if TYPE_CHECKING:
    import numpy as np

    from sim.outcomes import Catalogue, Events


class Run:
    """A finished run on disk.

    Attributes ``members``, ``yearly``, ``monthly`` and ``events`` are pandas frames, read on first use; ``arrow(name)``
    gives any table, or some of its columns, without pandas.
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path, self.manifest = path, manifest
        self._described: dict[str, tuple[tuple, Any]] = {}

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.manifest["scenario"]

    @property
    def key(self) -> str:
        """Content key: runs with equal keys have equal numbers."""
        return self.manifest["key"]

    @cached_property
    def catalogue(self) -> "Catalogue":
        """States, dyads, instruments, event kinds and span.  DamagedError if the manifest does not say them."""
        from sim.outcomes import Catalogue

        try:
            found = Catalogue.from_dict(self.manifest["catalogue"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DamagedError(f"{self.path / MANIFEST}: its catalogue cannot be read ({printable(error)}).") from None
        columns = set(self.names("members"))
        strange = [entry.id for entry in found.accords if f"adopted_month.{entry.id}" not in columns]
        if strange:
            raise DamagedError(f"{self.path / MANIFEST}: names the accord {printable(strange[0])}, the tables do not.")
        return found

    @cached_property
    def record(self) -> Record:
        """The analyst's own tables that the run used.  DamagedError if they are not in its folder as they were."""
        said = self.manifest.get("record")
        if said is None:
            return OURS
        try:
            found = read_record(self.path / RECORD, base=said.get("base", "ours"))
        except FactsError as error:
            raise DamagedError(f"{self.path / RECORD}: {error}") from None
        if found.digest != said["digest"]:
            raise DamagedError(f"{self.path / RECORD}: the tables are not those that the run used.")
        return replace(found, name=said["name"])

    def arrow(self, table: str, columns: list[str] | None = None):
        """A table as a pyarrow table.  DamagedError if the file is missing, damaged or not one of the run's."""
        import pyarrow as pa

        from sim.runs.arrow import read_table

        path = self.path / f"{table}.parquet"
        if path.name not in self.manifest["files"]:
            kept = ", ".join(sorted(name.removesuffix(".parquet") for name in self.manifest["files"]))
            raise DamagedError(f"{self.path}: this run keeps no table {table!r}.  It keeps: {kept}")
        try:
            return read_table(path, columns, self._description(path))
        except (OSError, pa.ArrowInvalid) as error:
            raise DamagedError(f"{path}: cannot be read ({error}).  Delete {self.path} and run it again.") from error

    def names(self, table: str) -> list[str]:
        """Columns of a table, without reading them; DamagedError as :meth:`arrow`."""
        import pyarrow as pa

        path = self.path / f"{table}.parquet"
        try:
            return self._description(path).schema.to_arrow_schema().names
        except (OSError, pa.ArrowInvalid) as error:
            raise DamagedError(f"{path}: cannot be read ({error}).  Delete {self.path} and run it again.") from error

    def _description(self, path: Path) -> Any:
        """What a table says of itself, read once, and again where the file has been replaced."""
        import pyarrow.parquet as pq

        stat = path.stat()
        mark = stat.st_ino, stat.st_size, stat.st_mtime_ns
        if self._described.get(path.name, ((), None))[0] != mark:
            self._described[path.name] = mark, pq.read_metadata(path)
        return self._described[path.name][1]

    def columns(self, table: str = "members", names: list[str] | None = None) -> dict[str, "np.ndarray"]:
        """Columns of a table as plain arrays, without pandas; those of the members unless told otherwise, (m,) each."""
        from sim.runs.arrow import to_numpy

        found = self.arrow(table, None if names is None else list(names))
        return {name: to_numpy(found.column(name)) for name in found.column_names}

    def codes(self, table: str, column: str, names: list[str] | None = None) -> tuple[list[str], "np.ndarray"]:
        """A column of names as the names it takes, or those given, and the place of each entry among them, else -1."""
        from sim.runs.arrow import places

        return places(self.arrow(table, [column]).column(column), names)

    def happened(self) -> "Events":
        """Every event as codes of the catalogue, in the order of the table; those of the scenario have member -2."""
        from sim.outcomes import Events
        from sim.runs.arrow import places, to_numpy

        catalogue = self.catalogue
        lists = {"kind": catalogue.kinds, "a": catalogue.states, "b": catalogue.states}
        lists["instrument"] = catalogue.instruments
        found = self.arrow("events", [*lists, "member", "month", "value", "origin"])
        coded = {name: places(found.column(name), list(names))[1] for name, names in lists.items()}
        plain = {name: to_numpy(found.column(name)) for name in ("member", "month", "value")}
        stated = places(found.column("origin"), ["scenario"])[1] == 0
        plain["member"] = plain["member"] - stated.astype(plain["member"].dtype)
        return Events(**plain, **coded)

    def _frame(self, table: str):
        return self.arrow(table).to_pandas()

    @cached_property
    def members(self):
        """A row per member: parameters drawn and every outcome, indexed by member."""
        return self._frame("members").set_index("member")

    @cached_property
    def yearly(self):
        """A row per member and year, a column per series (values at 31 December)."""
        return self._frame("yearly")

    @cached_property
    def monthly(self):
        """A row per series and month: quantiles over members, mean, number of members."""
        return self._frame("monthly")

    @cached_property
    def events(self):
        """Every event, documented ones once with member -1."""
        return self._frame("events")

    @cached_property
    def terms(self):
        """Named terms of the decisions, if the run keeps them."""
        return self._frame("terms")

    def _repr_html_(self) -> str:
        from sim.runs.html import as_html

        return as_html(self)

    def __repr__(self) -> str:
        span = self.catalogue
        failed = len(self.manifest["failed"])
        lost = f", {failed} failed" if failed else ""
        return (
            f"<Run {self.name} {self.key[:8]}: {self.manifest['members']} members{lost}, "
            f"{span.start // 12}-{span.end // 12}, simulated from {span.branch // 12}-{span.branch % 12 + 1:02d}, "
            f"in {self.path}>"
        )


#: Parts of the manifest of a finished run that every reader relies on, and their kinds.
_KINDS: dict[str, type] = {
    "scenario": str,
    "title": str,
    "ancestry": list,
    "key": str,
    "members": int,
    "seed": int,
    "model_version": str,
    "facts_digest": str,
    "versions": dict,
    "versions.casim": str,
    "failed": list,
    "files": dict,
    "catalogue": dict,
    "resolved": dict,
    "resolved.run": dict,
    "resolved.parameters": dict,
}
#: Parts that a run may do without, and their kinds where it has them.
_KINDS_IF_THERE: dict[str, type] = {
    "design": dict,
    "calibration": dict,
    "origins": dict,
    "record": dict,
    "resolved.states": dict,
    "resolved.events": list,
    "resolved.instruments": list,
}
_IN_WORDS = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


def _part(manifest: dict[str, Any], name: str) -> Any:
    """A part by its dotted name; None if there is none."""
    found: Any = manifest
    for each in name.split("."):
        found = found.get(each) if isinstance(found, dict) else None
    return found


def _check_kinds(path: Path, manifest: dict[str, Any]) -> None:
    """DamagedError if a part that readers rely on is missing or of another kind."""
    wanted = {**_KINDS, **{name: kind for name, kind in _KINDS_IF_THERE.items() if _part(manifest, name) is not None}}
    if manifest.get("record") is not None:
        wanted |= {"record.name": str, "record.digest": str}
    for name, kind in wanted.items():
        if not isinstance(_part(manifest, name), kind):
            raise DamagedError(
                f"{path / MANIFEST}: {name} is missing or of another kind than a run writes, which is "
                f"{_IN_WORDS[kind]}.  casim verify {path} tells more; run the scenario again."
            )
    for name, kind in (("ancestry", str), ("resolved.events", dict), ("resolved.instruments", dict)):
        if not all(isinstance(each, kind) for each in _part(manifest, name) or ()):
            raise DamagedError(
                f"{path / MANIFEST}: {name} holds what is not {_IN_WORDS[kind]}.  Run the scenario again."
            )
    _check_parameters(path, manifest["resolved"]["parameters"], manifest["model_version"])
    for each in manifest["failed"]:
        if not isinstance(each, dict) or not isinstance(each.get("member"), int) or "cause" not in each:
            raise DamagedError(f"{path / MANIFEST}: its list of failed members cannot be read.")


def _check_parameters(path: Path, parameters: dict[str, Any], model_version: str) -> None:
    """DamagedError for a parameter whose value is neither a number nor, where it is a choice, one of its words.

    Another version of the model may have had other choices: there any word is right.
    """
    if not parameters:
        return
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    choices = {row.name: row.choices for row in load_facts().parameters if row.choices}
    for name, value in parameters.items():
        if model_version != str(MODEL_VERSION) and isinstance(value, str):
            continue
        if name in choices:
            right, wanted = value in choices[name], f"one of {', '.join(choices[name])}"
        else:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            right, wanted = number and math.isfinite(value), "a number"
        if right:
            continue
        raise DamagedError(
            f"{path / MANIFEST}: resolved.parameters holds {show(value)} for {name}, which is {wanted}.  "
            f"casim verify {path} tells more; run the scenario again."
        )


def open_run(path: str | Path) -> Run:
    """Open a finished run folder.

    Raises OutputError if there is no run folder of this layout at ``path``, or if the run is not finished; DamagedError
    if its manifest is not as it was written.
    """
    path = Path(path)
    manifest = read_manifest(path)
    if manifest is None:
        raise OutputError(f"{path}: no run folder here (no readable {MANIFEST}).  casim run writes one.")
    if manifest.get("schema") != SCHEMA:
        raise OutputError(
            f"{path}: run-folder layout {manifest.get('schema')}, this version reads {SCHEMA}.  "
            "Run the scenario again into another folder."
        )
    check_whole(path, manifest)
    if manifest.get("state") != "complete":
        raise OutputError(f"{path}: this run is not finished.  Give the command that started it again to go on.")
    _check_kinds(path, manifest)
    return Run(path, manifest)
