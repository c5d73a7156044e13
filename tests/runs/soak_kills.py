"""A batch ended at random moments, by kill -9, TERM, HUP or Ctrl-C twice, each followed by a resume.

Every one must end in the same bits and leave no file and no process behind.  A few of these run with the tests.  For a
longer soak, in the checkout:

    python tests/runs/soak_kills.py --kills 1000
    python tests/runs/soak_kills.py --minutes 10
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path

import batches
from sim.runs import choose_executor

if __name__ == "__main__":
    kind = sys.argv[2]
    with choose_executor(**({"workers": 2} if kind == "processes" else {"threads": 2})) as executor:
        print("ready", flush=True)
        batches.run_all(Path(sys.argv[1]), executor, int(sys.argv[3]))
"""
KINDS = ("threads", "processes")
WAYS = ("kill", "kill", "kill", "term", "hang up", "ctrl-c twice", "kill a worker")
MARK = "CASIM_SOAK"
#: Seconds beyond the state of the folder at which the kill is aimed.
_LONGEST = 0.5


def killed(folder: Path, seed: int) -> tuple[int, str]:
    """Start the batch in a process of its own and end it at a random moment: at the first writes, while parts come in,
    or while tables are finished.

    Returns the number of files that it left, and how it was ended.  AssertionError if a process outlives it.
    """
    chance = random.Random(seed)
    kind, part_size = chance.choice(KINDS), chance.choice((1, 2, 5))
    script = folder / "batch_script.py"
    script.write_text(SCRIPT)
    mark = f"{folder}-{seed}"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]), MARK: mark}
    command = [sys.executable, str(script), str(folder), kind, str(part_size)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        process.stdout.readline()
        pattern, wanted = chance.choice(
            [("0*", chance.randint(0, 10)), ("0*", chance.randint(0, 10)), ("members.parquet", 1), ("manifest.json", 1)]
        )
        while process.poll() is None and count(folder / "out", pattern) < wanted:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, _LONGEST))
        how = chance.choice(WAYS)
        _end(process, how, chance)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    left = [number for _ in range(200) if (number := marked(mark)) or time.sleep(0.05)] if marked(mark) else []
    assert not marked(mark), f"seed {seed}: processes {left[-1:]} outlive what started them"
    return count(folder / "out", "*.*"), how


def _end(process: subprocess.Popen, how: str, chance: random.Random) -> None:
    """End a process, or a worker of it, and wait until it is gone; a lost worker may also be borne and be redone."""
    if how == "kill a worker":
        children = [int(each) for each in _children(process.pid)]
        for child in chance.sample(children, min(1, len(children))):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        time.sleep(chance.uniform(0, 1))
        return
    process.send_signal(
        {"kill": signal.SIGKILL, "term": signal.SIGTERM, "hang up": signal.SIGHUP}.get(how, signal.SIGINT)
    )
    if how == "ctrl-c twice":
        time.sleep(chance.uniform(0, 0.3))
        process.send_signal(signal.SIGINT)
    process.wait(timeout=60)


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def marked(mark: str) -> list[int]:
    """Processes that were started with this mark in their environment and are still there; none without /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"{MARK}={mark}".encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


def count(folder: Path, pattern: str) -> int:
    """How many such paths there are, while others come and go."""
    while True:
        try:
            return len(list(folder.rglob(pattern)))
        except FileNotFoundError:
            continue


def check(folder: Path, seed: int, expected: dict) -> None:
    """Kill, resume, compare."""
    import batches

    from sim.runs.files import RunLock

    left, how = killed(folder, seed)
    resumed = batches.tables_of(batches.run_all(folder, part_size=random.Random(seed).choice((1, 3, 100))))
    assert resumed == expected, f"seed {seed}: the resumed batch differs"
    for lock in (folder / "out").rglob(".lock"):  # a kill may leave the file in a finished folder, but nobody holds it
        with RunLock(lock.parent):
            pass
    strays = [path for path in (folder / "out").rglob("*") if path.name.startswith((".tmp-", ".lock"))]
    assert not strays, f"seed {seed}: left behind {strays}"
    print(f"seed {seed}: {how}, {left} files on disk, resumed, equal", flush=True)


def main() -> None:
    """So many kills, with seeds from 0 on."""
    import batches

    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--kills", type=int, default=30)
    wanted.add_argument("--minutes", type=float, help="instead of a number of kills")
    wanted.add_argument("--first-seed", type=int, default=0)
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as place:
        undisturbed = Path(place) / "undisturbed"
        undisturbed.mkdir()
        expected = batches.tables_of(batches.run_all(undisturbed))
        began, seed = time.monotonic(), given.first_seed
        while time.monotonic() - began < 60 * given.minutes if given.minutes else seed < given.first_seed + given.kills:
            folder = Path(place) / str(seed)
            folder.mkdir()
            check(folder, seed, expected)
            shutil.rmtree(folder)
            seed += 1
    print(f"{seed - given.first_seed} ended and resumed in {(time.monotonic() - began) / 60:.1f} minutes, all equal")


if __name__ == "__main__":
    main()
