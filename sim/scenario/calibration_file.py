"""Calibration files: joint draws of the fitted parameters, and whether they belong to the record at hand.

A calibration is two files: NAME.json says what was fitted, on which record, under which priors, and how well the fit
converged; NAME.npz holds the draws, (draw, parameter). `sim.inference` writes them; scenarios name them.
"""

import functools
import hashlib
import io
import json
import os
import re
import shlex
import zipfile
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import printable, suggestion
from sim.facts.files import Unreadable, read_bytes
from sim.facts.load import CALIBRATIONS, Facts, load_facts
from sim.facts.reading import is_finite_number
from sim.facts.tables import TABLES
from sim.facts.vintage import known_on

FORMAT = 1
_AGAIN = "Fit again with: casim calibrate --out FILE."
_LARGEST_TEXT = 10_000_000
_LARGEST_DRAWS = 500_000_000
_LARGEST_VALUE = 1e4  # parameters are of the order of one
_NOT_FOR_THE_FIT = (
    "source",
    "locator",
    "licence",
    "note",
    "title",
    "name",
    "status",
    "meaning",
    "disagreement",
    "core",
    "openness_mean",
    "openness_sd",  # what stands in for a fit where none is used
)
_TABLES = (
    "states",
    "leaders",
    "borders",
    "rungs",
    "accords",
    "formats",
    "events",
    "event_weights",
    "powers",
    "dependence",
    "group_share",
    "shocks",
    "capacity",
    "issue_weights",
    "legal_bars",
    "river_pairs",
    "river_disputes",
    "river_reporting",
)
_FAMILIES = (
    "trust.",
    "interest.",
    "leaders.",
    "ladder.",
    "accords.",
    "border.",
    "identity.",
    "region.",
    "capacity.",
    "powers.",
    "frictions.",
    "disputes.",
    "borders.",
    "signing.",
    "tabling.",
)


class CalibrationError(ValueError):
    """A calibration file that cannot be used; the message says why."""


@dataclass(frozen=True)
class CalibrationUse:
    """The calibration that a scenario names: where it lies, the digest of its bytes, and the bytes of its two files.

    The bytes travel with the scenario, so that a file that is replaced while a run goes on changes nothing in it.
    """

    name: str
    path: str
    digest: str
    files: tuple[bytes, bytes] = field(repr=False, compare=False)

    def read(self) -> "Calibration":
        """The calibration as it was when it was named."""
        return _parsed(Path(self.path).name, *self.files, self.digest)

    @property
    def ships(self) -> bool:
        """Whether every casim of this version has it."""
        return self.name in shipped_calibrations()

    def write(self, folder: Path) -> None:
        """Copy both files into a folder, from which a scenario can name them; raises CalibrationError or OSError."""
        self.read()
        folder.mkdir(parents=True, exist_ok=True)
        for suffix in (".json", ".npz"):
            source = Path(self.path).with_suffix(suffix)
            (folder / source.name).write_bytes(source.read_bytes())


@dataclass(frozen=True, eq=False)
class Calibration:
    """A calibration file that has been read.

    names : fitted parameters; openness.STATE.LEADER, blocker.STATE and readiness.STATE are of single leaders and states
    draws : (draw, parameter), joint
    about : what the JSON file says
    digest : of the bytes of both files
    """

    names: tuple[str, ...]
    draws: np.ndarray
    about: dict[str, Any]
    digest: str


def shipped_calibrations() -> dict[str, Path]:
    """Calibrations that ship, by name."""
    return {path.stem: path for path in sorted(CALIBRATIONS.glob("*.json"))}


def find_calibration(use: str, folder: Path) -> Path:
    """The JSON file that a scenario in a folder means by a name or a path.

    Raises
    ------
    CalibrationError : there is none
    """
    known = shipped_calibrations()
    if use in known:
        return known[use]
    if not use.endswith(".json"):
        raise CalibrationError(
            f"{use!r} is not a calibration that ships, nor a path that ends in .json." + suggestion(use, known)
        )
    path = folder / use
    if not os.path.isfile(path):  # also where the name is too long for a file
        raise CalibrationError(f"{use} does not exist.")
    return path


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file; content that has been read before is not parsed again.

    Raises
    ------
    CalibrationError : missing, damaged, or of another format
    """
    return _use(path.name, path).read()


def _use(name: str, path: Path) -> CalibrationUse:
    try:
        text = read_bytes(path, "a calibration file", _LARGEST_TEXT)
        packed = read_bytes(path.with_suffix(".npz"), "the draws of a calibration", _LARGEST_DRAWS)
    except Unreadable as error:
        raise CalibrationError(f"{path.name} or its .npz {error}") from None
    return CalibrationUse(name, str(path.resolve()), hashlib.sha256(text + packed).hexdigest(), (text, packed))


@functools.lru_cache(maxsize=8)
def _parsed(name: str, text: bytes, packed: bytes, digest: str) -> Calibration:
    draws_name = Path(name).with_suffix(".npz").name
    try:
        about = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CalibrationError(f"{name} cannot be read: {printable(error)}.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise CalibrationError(f"{name} is not a calibration file of format {FORMAT}.")
    if hashlib.sha256(packed).hexdigest() != about.get("draws_sha256"):
        raise CalibrationError(f"{draws_name} does not hold the draws that {name} speaks of.")
    names = _parameter_names(name, about)
    _check_lineage(name, about)
    draws = _draws(draws_name, packed, len(names))
    return Calibration(names, draws, about, digest)


def _parameter_names(name: str, about: dict) -> tuple[str, ...]:
    """Names of the fitted parameters, of which each row says mean, spread and how far the record moved it."""
    rows = about.get("parameters")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CalibrationError(f"{name} lists no parameters.")
    if not isinstance(about.get("prior_set"), str):
        raise CalibrationError(f"{name} does not say under which priors it was fitted.")
    for number, row in enumerate(rows, start=1):
        numbers = [row.get(key) for key in ("mean", "sd", "moved", "prior_mean", "prior_sd")]
        if not isinstance(row.get("name"), str) or not all(is_finite_number(value) for value in numbers):
            raise CalibrationError(f"{name}: parameter {number} lacks a name or a finite mean, sd, moved or prior.")
    names = tuple(row["name"] for row in rows)
    for number, row in enumerate(rows, start=1):
        before = row.get("before", {"mean": 0.0, "sd": 0.0})
        if not isinstance(before, dict) or not all(is_finite_number(before.get(key)) for key in ("mean", "sd")):
            raise CalibrationError(f"{name}: parameter {number} lacks a finite mean or sd from before the update.")
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        raise CalibrationError(f"{name} lists {printable(twice[0])} twice.")
    return names


def _check_lineage(name: str, about: dict) -> None:
    """A calibration that was updated, or whose parameters speak of what was before, says from which and how well."""
    parent, found = about.get("updated_from"), about.get("diagnostics")
    if parent is None and not any("before" in row for row in about["parameters"]):
        return
    named = isinstance(parent, dict) and isinstance(parent.get("name"), str)
    weighed = isinstance(found, dict) and all(is_finite_number(found.get(key)) for key in ("khat", "effective_draws"))
    if not (named and weighed and isinstance(about.get("record_ends"), str) and is_finite_number(about.get("draws"))):
        raise CalibrationError(f"{name} does not say from which calibration it was updated, and how well.")


def _draws(name: str, packed: bytes, n_parameters: int) -> np.ndarray:
    """(draw, parameter) from the bytes of an .npz."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST_DRAWS:
                raise CalibrationError(f"{name} unpacks to more than {_LARGEST_DRAWS:,} bytes.")
        with np.load(io.BytesIO(packed), allow_pickle=False) as file:
            draws = file["draws"]
    except CalibrationError:
        raise
    except Exception as error:  # one that is damaged, locked or packed in another way may end in anything
        raise CalibrationError(f"{name} cannot be read: {printable(error)}.") from None
    if draws.dtype.kind != "f" or draws.ndim != 2 or draws.shape[1] != n_parameters or len(draws) < 2:
        raise CalibrationError(f"{name} does not hold two or more draws of {n_parameters} parameters.")
    if not np.isfinite(draws).all() or np.abs(draws).max() > _LARGEST_VALUE:
        raise CalibrationError(f"{name} holds a draw that is not finite, or beyond {_LARGEST_VALUE:g}.")
    return draws.astype(np.float64)


def record_digest(facts: Any) -> str:
    """Digest of what a fit depends on: the rows in use, without their sources and notes, and the priors.

    A new river or trade figure does not change it; an event, a leader or a prior does.
    """
    content: dict[str, list] = {}
    for table in _TABLES:
        rows = [row for row in getattr(facts, table) if getattr(row, "used", True)]
        content[table] = [_bare(row) for row in rows]
    content["parameters"] = [_bare_parameter(row) for row in facts.parameters if row.name.startswith(_FAMILIES)]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _bare(row: Any) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in fields(row) if each.name not in _NOT_FOR_THE_FIT}


def _bare_parameter(row: Any) -> list[Any]:
    """A fitted value and its spread are what a fit gives, not what it rests on."""
    value = None if row.status == "fitted" else row.value
    return [row.name, value, row.prior, row.lower, row.upper]


def name_calibration(use: str, folder: Path) -> CalibrationUse:
    """The calibration that a scenario in a folder names.

    Raises
    ------
    CalibrationError : it cannot be found or read
    """
    path = find_calibration(use, folder)
    shipped = use in shipped_calibrations()
    named = _use(use if shipped else path.name, path)
    named.read()
    return named


def check_calibration(named: CalibrationUse, facts: Any) -> None:
    """Whether a calibration belongs to this record.

    Raises
    ------
    CalibrationError : it was fitted to another record, or names what this record has not
    """
    path, found = Path(named.path), named.read()
    fitted_on, here = str(found.about.get("record_digest")), record_digest(facts)
    if fitted_on not in (here, record_digest(carried_on_from(facts, str(found.about.get("record_ends"))))):
        raise CalibrationError(
            f"{path.name} was fitted to another record ({fitted_on[:12]}) than the one at hand ({here[:12]}): an "
            f"event, leader, prior or fixed parameter has changed since.  {_advice(facts)}"
        )
    if str(found.about.get("record_ends", "")) > f"{facts.record_ends:%Y-%m}":
        raise CalibrationError(
            f"{path.name} was fitted to a record up to {found.about['record_ends']}; the one at hand ends in "
            f"{facts.record_ends:%Y-%m}."
        )
    known = {row.name for row in facts.parameters} | set(leader_parameters(facts))
    known |= {f"{what}.{row.id}" for row in facts.states for what in ("blocker", "readiness")}
    known |= {f"clash.{row.state_a}-{row.state_b}" for row in facts.borders}
    known |= {f"dispute.{row.downstream}-{row.upstream}" for row in facts.river_pairs}
    unknown = [name for name in found.names if name not in known]
    if unknown:
        raise CalibrationError(f"{path.name} speaks of {unknown[0]}, which this record does not have.")


def _advice(facts: Facts) -> str:
    """The command that makes a calibration of the record at hand; the folder is named as it is called."""
    if not facts.record:
        return _AGAIN
    return f"Update it with: casim calibrate --record {shlex.quote(facts.record.name)} --update."


def carried_on_from(facts: Facts, month: str) -> Facts:
    """The facts without what a user's record adds after a month, "2025-06"; the same facts where it adds nothing.

    A format or power that only added rows speak of goes with them.
    """
    if not facts.record or not re.fullmatch(r"\d{4}-\d\d", month):
        return facts
    year, number = map(int, month.split("-"))
    ours, first_after = load_facts(), date(year + number // 12, number % 12 + 1, 1)
    return replace(facts, **{name: _older(name, facts, ours, first_after) for name in _TABLES})


def _older(name: str, facts: Facts, ours: Facts, first_after: date) -> tuple:
    table, known = TABLES[name], set(getattr(ours, name))
    if table.dated:
        return tuple(row for row in getattr(facts, name) if row in known or known_on(row, table) < first_after)
    if name in ("formats", "powers"):
        return tuple(row for row in getattr(facts, name) if row.id in ours.index(name))
    return getattr(facts, name)


def leader_parameters(facts: Any) -> tuple[str, ...]:
    """Names of the leaders' openness in the order of their table: openness.STATE.FIRST-LAST."""
    return tuple(f"openness.{row.state}.{row.name.lower().replace(' ', '-')}" for row in facts.leaders)
