"""What `python -m tests.fuzz` damages, how, and how it is read.

Each reader draws valid inputs and reads one, whole or damaged. An input has a name, which says where its bytes go: a
table of the record, a file of a run folder.
"""

import hashlib
import io
import json
import os
import random
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.comparison import Comparison, PairingError
from sim.comparison.changes import told
from sim.errors import FactsError, ScenarioError
from sim.facts.load import load_all
from sim.facts.record import RECORD_FILES, read_record
from sim.outcomes.goal import GoalError, parse_goal
from sim.outcomes.headline import brief
from sim.outcomes.view import View
from sim.page.provenance import citation, made_from, settings
from sim.page.source import Source
from sim.runs import open_run
from sim.runs.errors import RunError
from sim.runs.manifest import write_manifest
from sim.runs.verify import faults_of
from sim.scenario import explain, load_scenario
from sim.scenario.calibration_file import CalibrationError, read_calibration, shipped_calibrations
from sim.why.again import scenario_of

SLOW = 5.0  # seconds of processor time; a busy machine is no fault of a reader
ROOT = Path(__file__).parents[2]
TABLES = ROOT / "sim" / "facts" / "tables"
OWN_ERRORS = (ScenarioError, FactsError, RunError, PairingError, CalibrationError, GoalError)
_VALUES = (
    "-1", "0", "1e308", "-1e-320", "nan", "inf", "true", '""', "[]", "{}", "null", "9" * 400, "'", '"', "\x00",
    "\x1b[31m", "\ufeff", "\N{RIGHT-TO-LEFT OVERRIDE}", "2031-02-31", "1992-01-01", "../../etc/passwd", "/dev/zero",
    "[" * 3000, "a." * 300, "КАЗ", "\udcff", "=1+1",
)  # fmt: skip


class Input(NamedTuple):
    """Bytes, and where a reader finds them."""

    name: str
    data: bytes


class Reader(NamedTuple):
    """Names that inputs may have, a valid input by chance, and the reading of one in an empty folder."""

    names: tuple[str, ...]
    draw: Callable[[random.Random], Input]
    read: Callable[[Path, Input], None]
    refused: str = ""  # inputs of tests/broken that lead to a message each, as a pattern


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to four changes."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place, other = chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)
        low, high = sorted((place, min(len(data), place + chance.randint(1, 40))))
        kind = chance.randrange(7)
        if kind == 0 and data:
            data[min(place, len(data) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[low:high]
        elif kind == 2:
            data[other:other] = data[low:high]
        elif kind == 3:
            data[place:place] = chance.choice(_VALUES).encode("utf-8", "surrogateescape")
        elif kind == 4:
            data = data[:place] if chance.random() < 0.2 else data
        else:
            _replace_word(data, place, chance)
    return bytes(data)


def rearranged(data: bytes, chance: random.Random) -> bytes:
    """JSON in which one part at any depth has gone or is of another kind: what noise seldom leaves readable."""
    whole = part = json.loads(data)
    while chance.random() < 0.6:
        inner = part.values() if isinstance(part, dict) else part
        part = chance.choice([each for each in inner if each and isinstance(each, dict | list)] or [part])
    place = chance.choice(list(part)) if isinstance(part, dict) else chance.randrange(len(part))
    if chance.random() < 0.4:
        del part[place]
    else:
        part[place] = chance.choice(
            [-1, 0, 1e308, 1.5, True, None, "", "a", [], {}, [{}], {"a": []}, [[0]], part[place]]
        )
    return json.dumps(whole).encode()


def _replace_word(data: bytearray, place: int, chance: random.Random) -> None:
    """A value between separators becomes another, which reaches deeper than noise does."""
    ends = b",=:;\n{}[] "
    low, high = place, place
    while low > 0 and data[low - 1] not in ends:
        low -= 1
    while high < len(data) and data[high] not in ends:
        high += 1
    data[low:high] = chance.choice(_VALUES).encode("utf-8", "surrogateescape")


def attempt(reader: str, given: Input) -> str | None:
    """One reading: None if it was read or refused in words, else what happened."""
    with tempfile.TemporaryDirectory(prefix="casim-fuzz-") as place:
        began = time.process_time()
        try:
            READERS[reader].read(Path(place), given)
        except OWN_ERRORS:
            pass
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {str(error)[:120]!r}"
        seconds = time.process_time() - began
    return f"took {seconds:.0f} s" if seconds > SLOW else None


def kind_of(finding: str) -> str:
    """What findings of one fault have in common."""
    return finding.split(":")[0] + finding[:60]


def _scenario(chance: random.Random) -> Input:
    return Input("case.toml", chance.choice(sorted((ROOT / "scenarios").glob("*.toml"))).read_bytes())


def _read_scenario(folder: Path, given: Input) -> None:
    (folder / given.name).write_bytes(given.data)
    explain(load_scenario(str(folder / given.name)))


def _design(_: random.Random) -> Input:
    text = (ROOT / "docs" / "reference" / "design.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    return Input("case.toml", text.encode())


def _read_design(folder: Path, given: Input) -> None:
    (folder / given.name).write_bytes(given.data)
    load_scenario(str(folder / given.name))


def _setting(chance: random.Random) -> Input:
    valid = ["run.members=100", "trust.loss_aversion=3", "treaties.rule=opt-in", "run.branch=2020-01-01"]
    return Input("--set", chance.choice(valid).encode())


def _read_setting(_: Path, given: Input) -> None:
    load_scenario("baseline", [given.data.decode("utf-8", "replace")])


def _table(chance: random.Random) -> Input:
    """The head of a table and a few of its rows."""
    name = chance.choice(READERS["record"].names)
    head, *rows = (TABLES / name).read_bytes().splitlines(keepends=True)
    return Input(name, b"".join([head, *chance.sample(rows, min(len(rows), 4))]))


def _read_table(folder: Path, given: Input) -> None:
    record = folder / "record"
    record.mkdir()
    (record / given.name).write_bytes(given.data)
    load_all(read_record(record))


@cache
def _small_calibration(n_parameters: int) -> dict[str, bytes]:
    """The newest calibration cut down to its first parameters and fifty draws."""
    source = max(shipped_calibrations().values())
    about, packed = json.loads(source.read_text("utf-8")), io.BytesIO()
    about["parameters"] = about["parameters"][:n_parameters]
    np.savez_compressed(packed, draws=np.load(source.with_suffix(".npz"))["draws"][:50, :n_parameters])
    return {"npz": packed.getvalue(), "json": _with_digest(about, packed.getvalue())}


def _with_digest(about: dict, packed: bytes) -> bytes:
    """A calibration that vouches for its draws, as an attacker would write it: damaged draws are met, not refused."""
    return json.dumps({**about, "draws_sha256": hashlib.sha256(packed).hexdigest()}).encode()


def _calibration(chance: random.Random) -> Input:
    name = chance.choice(READERS["calibration"].names)
    n_parameters, suffix = name.split(".")
    return Input(name, _small_calibration(int(n_parameters))[suffix])


def _read_calibration(folder: Path, given: Input) -> None:
    n_parameters, suffix = given.name.split(".")
    files = _small_calibration(int(n_parameters)) | {suffix: given.data}
    if suffix == "npz":
        files["json"] = _with_digest(json.loads(files["json"]), given.data)
    for each, data in files.items():
        (folder / f"case.{each}").write_bytes(data)
    read_calibration(folder / "case.json")
    load_scenario("baseline", [f"calibration.use={folder / 'case.json'}"])


def _goal(chance: random.Random) -> Input:
    valid = [
        "P(signed_month.friendship-2022.TJK by 2030) +- 0.02",
        "mean(index_2040) +- 0.002",
        "P(a >= 1 and b <= 0.5) ± 1",
    ]
    return Input("--until", chance.choice(valid).encode())


def _read_goal(_: Path, given: Input) -> None:
    parse_goal(given.data.decode("utf-8", "replace"))


_kept: Path | None = None
_SEALED = "manifest.json sealed"  # its digest is computed anew, as an attacker would


@contextmanager
def prepared(kept: Path | None = None) -> Iterator[Path]:
    """The folder of a run that is damaged, simulated unless it is given."""
    global _kept
    from sim.runs import run_scenario

    if kept is not None:  # a guided search ends without leaving this, so no folder of its own is made
        _kept = kept
        yield _kept
        return
    with tempfile.TemporaryDirectory(prefix="casim-fuzz-run-") as place:
        _kept = run_scenario(load_scenario("baseline", ["run.members=3"]), Path(place), threads=1).path
        yield _kept


def _file_of_run(chance: random.Random) -> Input:
    name = chance.choice([*READERS["run folder"].names, "manifest.json", *[_SEALED] * 2])
    return Input(name, (_kept / name.split()[0]).read_bytes())


def _read_run(folder: Path, given: Input) -> None:
    """A damaged run folder is verified, opened, shown, compared, and its scenario built again."""
    case = folder / "run"
    shutil.copytree(_kept, case, copy_function=os.link)  # no reader writes into a file
    path = case / given.name.split()[0]
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(given.data)
    if given.name == _SEALED:
        with suppress(ValueError, TypeError, RecursionError):  # not even JSON: read as it is
            write_manifest(case, json.loads(given.data))
    if not faults_of(case) and given.name.endswith(".parquet"):
        assert given.data == whole, f"verify misses damage of {given.name}"
    opened = open_run(case)
    uses = (
        repr,
        lambda run: brief(View(run)),
        lambda run: View(run).source,
        lambda run: settings(Source(run)),
        lambda run: made_from(Source(run)),
        lambda run: citation(Source(run)),
        scenario_of,
        lambda run: told(Comparison(run, open_run(_kept)).pairing.changes),
    )
    for use in uses:
        with suppress(*OWN_ERRORS):
            use(opened)


READERS: dict[str, Reader] = {
    "scenario": Reader(("case.toml",), _scenario, _read_scenario, "scenario/*.toml"),
    "design": Reader(("case.toml",), _design, _read_design, "scenario/design-*.toml"),
    "setting": Reader(("--set",), _setting, _read_setting),
    "record": Reader(
        tuple(name for name in RECORD_FILES if (TABLES / name).exists()), _table, _read_table, "record/*/*.csv"
    ),
    "calibration": Reader(
        ("1.json", "3.json", "200.json", "1.npz", "3.npz", "200.npz"), _calibration, _read_calibration
    ),
    "goal": Reader(("--until",), _goal, _read_goal),
    "run folder": Reader(
        ("manifest.json", _SEALED, "events.parquet", "members.parquet", "monthly.parquet", "yearly.parquet"),
        _file_of_run,
        _read_run,
    ),
}
