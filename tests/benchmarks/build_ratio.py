"""This build against an older checkout: both in turns in one call, so that the machine's moods fall on both.

    python tests/benchmarks/build_ratio.py /path/to/old/checkout [--rounds 5] [--rows marginal engine ...]

The older checkout needs its own environment in `.venv`. Each build keeps its compiled model in a cache of its own
(`--cache`), filled before the clock starts. Printed are the medians of the rounds and how many times less the newer
build takes. Processor time is that of the command and of the helpers it waited for; memory is the largest sum of
resident sets of the command and its helpers, looked up twenty times a second.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
COMMAND = ["-c", "from sim.cli import main; main()"]
FEW, MANY = 1_000, 4_000
ENGINE = """
import sys, time
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario

world = build_world(load_scenario(sys.argv[1]), load_facts())
simulate_members(world, 0, 50)
best = []
for _ in range(3):
    started = time.process_time()
    simulate_members(world, 0, 150)
    best.append((time.process_time() - started) / 150)
print(min(best))
"""


@dataclass(frozen=True)
class Build:
    """A checkout and the interpreter that runs it."""

    name: str
    root: Path
    python: Path
    cache: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Its own cache of compiled code, and its own sources."""
        plain = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        return plain | {"XDG_CACHE_HOME": str(self.cache), "PYTHONPATH": str(self.root)} | more

    def check(self) -> None:
        """That its interpreter runs this checkout, whatever is installed there."""
        script = [str(self.python), "-c", "import sim; print(sim.__file__)"]
        found = subprocess.run(script, capture_output=True, text=True, check=True, env=self.environment(), cwd="/")
        if Path(found.stdout.strip()).resolve().parents[1] != self.root:
            raise SystemExit(f"{self.python} runs {found.stdout.strip()}, not {self.root}")


@dataclass(frozen=True)
class Measured:
    """Seconds until the summary stood there and until the end, on the clock and of processors; bytes of memory."""

    told: float
    told_processor: float
    wall: float
    processor: float
    memory: int


def _resident(pid: int) -> int:
    import psutil

    try:
        root = psutil.Process(pid)
        return sum(process.memory_info().rss for process in [root, *root.children(recursive=True)])
    except psutil.Error:
        return 0


def _spent(pid: int) -> float:
    """Processor seconds of a process so far."""
    import psutil

    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def command(build: Build, *arguments: str, cwd: Path) -> Measured:
    """A casim command in a process of its own."""
    started, told, memory, over = time.perf_counter(), [], [0], threading.Event()
    process = subprocess.Popen(
        [str(build.python), *COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        env=build.environment(),
    )

    def watch() -> None:
        while not over.wait(0.05):
            memory[0] = max(memory[0], _resident(process.pid))

    threading.Thread(target=watch, daemon=True).start()
    for line in process.stdout:
        if line.startswith(b"tables"):
            told = [time.perf_counter() - started, _spent(process.pid)]
    _, status, usage = os.wait4(process.pid, 0)
    over.set()
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{build.name}: casim {' '.join(arguments)} ended with {process.returncode}")
    processor = usage.ru_utime + usage.ru_stime
    return Measured(*(told or (wall, processor)), wall, processor, memory[0])


def marginal(build: Build, place: Path) -> dict[str, float]:
    """What a member more costs, without plots."""
    few, many = (
        command(build, "run", "baseline", "--members", str(n), "--no-plots", "--out", f"m{n}", cwd=place)
        for n in (FEW, MANY)
    )
    return {
        "processor time a member, ms": (many.processor - few.processor) / (MANY - FEW) * 1e3,
        "wall time a member, all cores, ms": (many.wall - few.wall) / (MANY - FEW) * 1e3,
        f"memory at {FEW:,} members, MB": few.memory / 1e6,
        f"memory at {MANY:,} members, MB": many.memory / 1e6,
    }


def engine(build: Build, place: Path) -> dict[str, float]:
    """The engine alone on one core."""
    found = {}
    for name in ("baseline", "free-run"):
        script = [str(build.python), "-c", ENGINE, name]
        done = subprocess.run(script, capture_output=True, text=True, cwd=place, env=build.environment(), check=True)
        found[f"engine, {name}, ms a member"] = float(done.stdout) * 1e3
    return found


def run(build: Build, place: Path) -> dict[str, float]:
    """A run of 500 members as a user gives it, then again, then with one number edited."""
    first = command(build, "run", "baseline", "--members", "500", "--out", "r", cwd=place)
    again = command(build, "run", "baseline", "--members", "500", "--out", "r", cwd=place)
    edited = command(
        build, "run", "baseline", "--members", "500", "--set", "trust.decay=0.0123", "--out", "r", cwd=place
    )
    return {
        "500 members, until the summary, s": first.told,
        "500 members, until the summary, processor s": first.told_processor,
        "500 members, with all plots, s": first.wall,
        "500 members, with all plots, processor s": first.processor,
        "the same command again, s": again.wall,
        "the same command again, processor s": again.processor,
        "one number edited, until the summary, s": edited.told,
        "one number edited, the same, processor s": edited.told_processor,
    }


def memory(build: Build, place: Path) -> dict[str, float]:
    """Memory of 500 members, tables only."""
    done = command(build, "run", "baseline", "--members", "500", "--no-plots", "--out", "p", cwd=place)
    return {"500 members, tables only, MB": done.memory / 1e6, "500 members, tables only, s": done.wall}


def cold(build: Build, place: Path) -> dict[str, float]:
    """A first start, with nothing compiled."""
    with tempfile.TemporaryDirectory() as empty:
        bare = Build(build.name, build.root, build.python, Path(empty))
        done = command(bare, "run", "baseline", "--members", "10", "--no-plots", "--out", "c", cwd=place)
    return {"first start, s": done.wall, "first start, processor s": done.processor}


ROWS: dict[str, Callable[[Build, Path], dict[str, float]]] = {
    "engine": engine,
    "memory": memory,
    "run": run,
    "marginal": marginal,
    "cold": cold,
}


def measure(builds: list[Build], row: str, rounds: int) -> None:
    """One row of the table, both builds in turns."""
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds):
        for build in builds[:: 1 if number % 2 else -1]:
            place = Path(tempfile.mkdtemp(prefix="casim-ratio-"))
            try:
                for label, value in ROWS[row](build, place).items():
                    found.setdefault(label, {}).setdefault(build.name, []).append(value)
            finally:
                shutil.rmtree(place, ignore_errors=True)
    for label, values in found.items():
        old, new = (statistics.median(values[build.name]) for build in builds)
        low, high = min(values[builds[1].name]), max(values[builds[1].name])
        print(f"{label:<44} {old:9.2f} {new:9.2f} {old / new:6.2f} times  ({low:.2f}-{high:.2f})", flush=True)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("old", type=Path, help="checkout of the older build, with .venv")
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--rows", nargs="+", choices=tuple(ROWS), default=["engine", "memory", "run", "marginal"])
    wanted.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "casim-benchmark")
    given = wanted.parse_args()
    builds = [
        Build("old", given.old.resolve(), given.old.resolve() / ".venv" / "bin" / "python", given.cache / "old"),
        Build("new", HERE, Path(sys.executable), given.cache / "new"),
    ]
    with tempfile.TemporaryDirectory() as place:
        for build in builds:
            build.check()
            warm = command(build, "run", "baseline", "--members", "4", "--out", "w", cwd=Path(place) / ".")
            print(f"{build.name}: {build.root}, ready after {warm.wall:.1f} s", flush=True)
            shutil.rmtree(Path(place) / "w", ignore_errors=True)
    print(f"{'':<44} {'old':>9} {'new':>9}")
    for row in given.rows:
        measure(builds, row, given.rounds)


if __name__ == "__main__":
    main()
