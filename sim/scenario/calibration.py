"""Calibration files: joint draws of the fitted parameters, and whether they belong to the record at hand.

A calibration is two files: NAME.json says what was fitted, on which record, under which priors, and how well the fit
converged; NAME.npz holds the draws, (draw, parameter). `sim.inference` writes them; scenarios name them.
"""

import functools
import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.errors import suggestion

FORMAT = 1
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
    "borders.",
)


class CalibrationError(ValueError):
    """A calibration file that cannot be used; the message says why."""


@dataclass(frozen=True)
class CalibrationUse:
    """The calibration that a scenario names: where it lies and the digest of its bytes."""

    name: str
    path: str
    digest: str


@dataclass(frozen=True, eq=False)
class Calibration:
    """A calibration file that has been read.

    names : fitted parameters; openness.STATE.LEADER and blocker.STATE are those of single leaders and states
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
    folder = Path(__file__).resolve().parents[1] / "inference" / "shipped"
    return {path.stem: path for path in sorted(folder.glob("*.json"))}


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
    if not path.is_file():
        raise CalibrationError(f"{use} does not exist.")
    return path


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file; one that has not changed is read once.

    Raises
    ------
    CalibrationError : missing, damaged, or of another format
    """
    try:
        stamps = tuple((p.stat().st_mtime_ns, p.stat().st_size) for p in (path, path.with_suffix(".npz")))
    except OSError as error:
        raise CalibrationError(f"{path.name} cannot be read: {error.strerror}.") from None
    return _read(path, stamps)


@functools.lru_cache(maxsize=8)
def _read(path: Path, stamps: tuple) -> Calibration:
    draws_path = path.with_suffix(".npz")
    try:
        text, packed = path.read_bytes(), draws_path.read_bytes()
        about = json.loads(text)
    except (OSError, ValueError) as error:
        raise CalibrationError(f"{path.name} cannot be read: {error}.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise CalibrationError(f"{path.name} is not a calibration file of format {FORMAT}.")
    if hashlib.sha256(packed).hexdigest() != about.get("draws_sha256"):
        raise CalibrationError(f"{draws_path.name} does not hold the draws that {path.name} speaks of.")
    try:
        with np.load(draws_path, allow_pickle=False) as file:
            draws = file["draws"].astype(np.float64)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CalibrationError(f"{draws_path.name} cannot be read: {error}.") from None
    names = tuple(row["name"] for row in about["parameters"])
    if draws.ndim != 2 or draws.shape[1] != len(names) or not len(draws) or not np.isfinite(draws).all():
        raise CalibrationError(f"{draws_path.name} does not hold a finite draw of each of {len(names)} parameters.")
    return Calibration(names, draws, about, hashlib.sha256(text + packed).hexdigest())


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
    return {name: value for name, value in asdict(row).items() if name not in _NOT_FOR_THE_FIT}


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
    return CalibrationUse(use if shipped else path.name, str(path.resolve()), read_calibration(path).digest)


def check_calibration(named: CalibrationUse, facts: Any) -> None:
    """Whether a calibration belongs to this record.

    Raises
    ------
    CalibrationError : it was fitted to another record, or names what this record has not
    """
    path = Path(named.path)
    found = read_calibration(path)
    fitted_on, here = str(found.about.get("record_digest")), record_digest(facts)
    if fitted_on != here:
        raise CalibrationError(
            f"{path.name} was fitted to another record ({fitted_on[:12]}) than the one at hand ({here[:12]}): an "
            "event, leader, prior or fixed parameter has changed since.  Fit again with: casim calibrate --out FILE."
        )
    known = {row.name for row in facts.parameters} | set(leader_parameters(facts))
    known |= {f"blocker.{row.id}" for row in facts.states}
    known |= {f"clash.{row.state_a}-{row.state_b}" for row in facts.borders}
    unknown = [name for name in found.names if name not in known]
    if unknown:
        raise CalibrationError(f"{path.name} speaks of {unknown[0]}, which this record does not have.")


def leader_parameters(facts: Any) -> tuple[str, ...]:
    """Names of the leaders' openness in the order of their table: openness.UZB.islam-karimov."""
    return tuple(f"openness.{row.state}.{row.name.lower().replace(' ', '-')}" for row in facts.leaders)
