"""A batch ended at random moments, by kill -9, TERM, HUP or Ctrl-C twice, each followed by a resume.

Every one must end in the same bits and leave no file and no process behind.  A few of these run with the tests.  For a
longer soak, in the checkout:

    python tests/runs/soak_kills.py --kills 1000
    python tests/runs/soak_kills.py --minutes 10
"""

import argparse
import multiprocessing.util
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

KINDS = ("threads", "threads", "threads", "processes")
WAYS = ("kill", "kill", "kill", "term", "hang up", "ctrl-c twice")
MARK = "CASIM_SOAK"
#: Seconds beyond the state of the folder at which the kill is aimed; a batch takes about one.
_LONGEST = {"threads": 0.2, "processes": 0.5}
#: Seconds after which a batch is taken to hang.
_NEVER = 600


class Fork:
    """A process of its own, as warm as this one, so that a kill meets work and not the loading of it."""

    def __init__(self, work: Callable[[], None]):
        sys.stdout.flush()
        self.pid, self._code = os.fork(), None
        if self.pid == 0:
            try:
                try:
                    self._do(work)
                finally:
                    signal.signal(signal.SIGINT, signal.SIG_IGN)
            finally:
                os._exit(1)

    @staticmethod
    def _do(work: Callable[[], None]) -> None:
        """Work, and what the end of an interpreter does; what waits for the end of this one stays out of it."""
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(quiet, number)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            work()
        finally:
            multiprocessing.util._exit_function()
            threading._shutdown()

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self._code is None and os.waitpid(self.pid, os.WNOHANG)[0]:
            self._code = 0
        return self._code

    def send_signal(self, number: int) -> None:
        """Nothing happens to one that has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> None:
        """AssertionError if it takes longer."""
        ends = time.monotonic() + seconds
        while self.poll() is None:
            assert time.monotonic() < ends, f"process {self.pid} does not end"
            time.sleep(0.005)


def killed(folder: Path, seed: int) -> tuple[int, str]:
    """Start the batch in a process of its own and end it at a random moment: at the first writes, while parts come in,
    or while tables are finished.

    Returns the number of files that it left, and how it was ended.  AssertionError if a process outlives it.
    """
    import batches

    from sim.runs import choose_executor

    chance = random.Random(seed)
    kind, part_size = chance.choice(KINDS), chance.choice((1, 2, 5))
    mark = f"{folder}-{seed}"

    def work() -> None:
        os.environ[MARK] = mark  # which its children get
        with choose_executor(**({"workers": 2} if kind == "processes" else {"threads": 2})) as executor:
            batches.run_all(folder, executor, part_size)

    process = Fork(work)
    try:
        pattern, wanted = chance.choice(
            [("0*", chance.randint(0, 10)), ("0*", chance.randint(0, 10)), ("members.parquet", 1), ("manifest.json", 1)]
        )
        ends = time.monotonic() + _NEVER
        while process.poll() is None and count(folder / "out", pattern) < wanted:
            assert time.monotonic() < ends, f"seed {seed}: the batch does not get on"
            time.sleep(0.005)
        time.sleep(chance.uniform(0, _LONGEST[kind]))
        how = chance.choice(WAYS if kind == "threads" else (*WAYS, "kill a worker"))
        ended = process.poll() is not None
        _end(process, how, chance)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    ends = time.monotonic() + 10
    while (left := marked(mark)) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not left, f"seed {seed}: processes {left} outlive what started them"
    return count(folder / "out", "*.*"), f"{kind}, " + ("ended before the " if ended else "") + how


def _end(process: Fork, how: str, chance: random.Random) -> None:
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
    process.wait(60)


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


def check(folder: Path, seed: int, expected: dict) -> str:
    """Kill, resume, compare; how it was ended."""
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
    return how


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
        began, seed, ways = time.monotonic(), given.first_seed, Counter()
        while time.monotonic() - began < 60 * given.minutes if given.minutes else seed < given.first_seed + given.kills:
            folder = Path(place) / str(seed)
            folder.mkdir()
            ways[check(folder, seed, expected)] += 1
            shutil.rmtree(folder)
            seed += 1
    print(f"{seed - given.first_seed} ended and resumed in {(time.monotonic() - began) / 60:.1f} minutes, all equal")
    print(", ".join(f"{how} {n}" for how, n in ways.most_common()))


if __name__ == "__main__":
    main()
