"""Readers fed with damaged input for as long as one likes: they must answer in words, soon, and touch nothing else.

Valid files are damaged (bits, cuts, doubled and swapped pieces, values of other kinds and sizes) and read.  A reader
may refuse with an error of its own; any other exception, or more than a few seconds, is a finding and is printed with
the seed that makes it again.  In the checkout:

    python tests/fuzz.py --minutes 10
    python tests/fuzz.py --only calibration --seed 4711 --cases 1
"""

import argparse
import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sim.errors import FactsError, ScenarioError
from sim.runs.errors import RunError

SLOW = 5.0  # seconds of processor time; a busy machine is no fault of a reader
ROOT = Path(__file__).parents[1]
_VALUES = (
    "-1", "0", "1e308", "-1e-320", "nan", "inf", "true", '""', "[]", "{}", "null", "9" * 400, "'", '"', "\x00",
    "\x1b[31m", "\ufeff", "\N{RIGHT-TO-LEFT OVERRIDE}", "2031-02-31", "1992-01-01", "../../etc/passwd", "/dev/zero",
    "[" * 3000, "a." * 300, "КАЗ", "\udcff", "=1+1",
)  # fmt: skip


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


def _replace_word(data: bytearray, place: int, chance: random.Random) -> None:
    """A value between separators becomes another, which reaches deeper than noise does."""
    ends = b",=:;\n{}[] "
    low, high = place, place
    while low > 0 and data[low - 1] not in ends:
        low -= 1
    while high < len(data) and data[high] not in ends:
        high += 1
    data[low:high] = chance.choice(_VALUES).encode("utf-8", "surrogateescape")


def _scenarios(folder: Path, chance: random.Random) -> None:
    from sim.scenario import explain, load_scenario

    source = chance.choice(sorted((ROOT / "scenarios").glob("*.toml")))
    path = folder / "case.toml"
    path.write_bytes(damaged(source.read_bytes(), chance))
    explain(load_scenario(str(path)))


def _designs(folder: Path, chance: random.Random) -> None:
    from sim.scenario import load_scenario

    text = (ROOT / "docs" / "reference" / "design.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    path = folder / "case.toml"
    path.write_bytes(damaged(text.encode(), chance))
    load_scenario(str(path))


def _settings(folder: Path, chance: random.Random) -> None:
    from sim.scenario import load_scenario

    valid = ["run.members=100", "trust.loss_aversion=3", "treaties.rule=opt-in", "run.branch=2020-01-01"]
    text = damaged(chance.choice(valid).encode(), chance).decode("utf-8", "replace")
    load_scenario("baseline", [text])


def _records(folder: Path, chance: random.Random) -> None:
    from sim.facts.load import load_all
    from sim.facts.record import RECORD_FILES, read_record

    record = folder / "record"
    record.mkdir()
    name = chance.choice([name for name in RECORD_FILES if (ROOT / "sim/facts/tables" / name).exists()])
    lines = (ROOT / "sim/facts/tables" / name).read_bytes().splitlines(keepends=True)
    few = lines[:1] + chance.sample(lines[1:], min(len(lines) - 1, 4))
    (record / name).write_bytes(damaged(b"".join(few), chance))
    load_all(read_record(record))


def _calibrations(folder: Path, chance: random.Random) -> None:
    from sim.scenario.calibration_file import CalibrationError, read_calibration, shipped_calibrations

    (source, *_) = shipped_calibrations().values()
    packed = source.with_suffix(".npz").read_bytes()
    if chance.random() < 0.3:
        packed = damaged(packed, chance)
    about = json.loads(source.read_text("utf-8"))
    about["draws_sha256"] = hashlib.sha256(packed).hexdigest()  # so that damage of the draws is met, not refused
    about["parameters"] = about["parameters"][: chance.choice((1, 3, 200))]
    text = json.dumps(about).encode()
    (folder / "case.json").write_bytes(damaged(text, chance) if chance.random() < 0.8 else text)
    (folder / "case.npz").write_bytes(packed)
    try:
        read_calibration(folder / "case.json")
    except CalibrationError:
        pass


def _goals(folder: Path, chance: random.Random) -> None:
    from sim.outcomes.goal import GoalError, parse_goal

    valid = [
        "P(signed_month.friendship-2022.TJK by 2030) +- 0.02",
        "mean(index_2040) +- 0.002",
        "P(a >= 1 and b ever) ± 1",
    ]
    try:
        parse_goal(damaged(chance.choice(valid).encode(), chance).decode("utf-8", "replace"))
    except GoalError:
        pass


_kept: Path | None = None


def _runs(folder: Path, chance: random.Random) -> None:
    """A damaged run folder is verified, opened, shown, and gone on with."""
    from sim.comparison import Comparison
    from sim.outcomes.headline import brief
    from sim.outcomes.view import View
    from sim.runs import open_run
    from sim.runs.manifest import write_manifest
    from sim.runs.verify import faults_of

    case = folder / "run"
    shutil.copytree(_kept, case)
    path = case / chance.choice(
        ["manifest.json", "manifest.json", "manifest.json", *(each.name for each in _kept.iterdir() if each.is_file())]
    )
    whole = path.read_bytes()
    path.write_bytes(damaged(whole, chance))
    if path.name == "manifest.json" and chance.random() < 0.7:
        try:  # an attacker computes the digest anew
            write_manifest(case, json.loads(path.read_bytes()))
        except (ValueError, TypeError, RecursionError):
            pass
    faults = faults_of(case)
    assert faults or path.read_bytes() == whole or json.loads(path.read_bytes()), path
    opened = open_run(case)
    brief(View(opened))
    Comparison(opened, open_run(_kept))
    repr(opened)


READERS: dict[str, Callable[[Path, random.Random], None]] = {
    "scenario": _scenarios,
    "design": _designs,
    "setting": _settings,
    "record": _records,
    "calibration": _calibrations,
    "goal": _goals,
    "run folder": _runs,
}


def prepare(place: Path) -> None:
    """The run whose folder is damaged."""
    global _kept
    from sim.runs import run_scenario
    from sim.scenario import load_scenario

    _kept = run_scenario(load_scenario("baseline", ["run.members=3"]), place, threads=1).path


def attempt(reader: str, seed: int) -> str | None:
    """One case: None if it was read or refused in words, else what happened."""
    from sim.comparison import PairingError

    with tempfile.TemporaryDirectory(prefix="casim-fuzz-") as place:
        began = time.process_time()
        try:
            READERS[reader](Path(place), random.Random(f"{reader} {seed}"))
        except (ScenarioError, FactsError, RunError, PairingError):
            pass
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {str(error)[:120]!r}"
        seconds = time.process_time() - began
    return f"took {seconds:.0f} s" if seconds > SLOW else None


def main() -> None:
    """Cases of all readers in turn, until the time is up; ends with 1 if anything was found."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--minutes", type=float, default=10)
    wanted.add_argument("--cases", type=int, default=10**9, help="cases of each reader, at most")
    wanted.add_argument("--seed", type=int, default=0)
    wanted.add_argument("--only", choices=READERS)
    given = wanted.parse_args()
    counts, found = Counter(), {}
    ends = time.monotonic() + 60 * given.minutes
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place))
        seed = given.seed
        while time.monotonic() < ends and seed - given.seed < given.cases:
            for reader in [given.only] if given.only else READERS:
                counts[reader] += 1
                what = attempt(reader, seed)
                if what and (reader, what.split(":")[0] + what[:60]) not in found:
                    found[reader, what.split(":")[0] + what[:60]] = seed
                    print(f"FOUND {reader} --seed {seed}: {what}", flush=True)
            seed += 1
    print(f"{given.minutes:g} minutes: " + ", ".join(f"{reader} {n:,}" for reader, n in counts.items()))
    print(f"{len(found)} findings")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
