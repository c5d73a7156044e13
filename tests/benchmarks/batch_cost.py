"""What a batch costs: twenty scenarios of a thousand members, and one scenario of more and more members.

    python tests/benchmarks/batch_cost.py scenarios [--members 1000] [--workers 2]
    python tests/benchmarks/batch_cost.py growth [--members 1000 10000 100000]

Wall and processor time are those of the command and all its processes; memory is the largest sum of their resident
sets, looked up ten times a second.  The model is compiled before the clock starts.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

COMMAND = [sys.executable, "-c", "from sim.cli import main; main()", "batch"]
SCENARIO = 'extends = "baseline"\n[parameters]\ntrust.decay = {}\n'


class Watch(threading.Thread):
    """Memory and processor time of a process and those it started, while they live."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.largest, self._over = pid, 0, threading.Event()

    def run(self) -> None:
        import psutil

        root = psutil.Process(self.pid)
        while not self._over.wait(0.1):
            total = 0
            try:
                for process in [root, *root.children(recursive=True)]:
                    total += process.memory_info().rss
            except psutil.Error:
                continue
            self.largest = max(self.largest, total)

    def stop(self) -> int:
        """Bytes at the most."""
        self._over.set()
        self.join()
        return self.largest


def measured(arguments: list[str]) -> tuple[float, float, int]:
    """Seconds, seconds of processors, and bytes of a casim batch."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watch = Watch(process.pid)
    watch.start()
    status = process.wait()
    wall, memory = time.perf_counter() - started, watch.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status:
        raise SystemExit(f"casim batch ended with {status}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, memory


def show(label: str, figures: tuple[float, float, int]) -> None:
    wall, processor, memory = figures
    print(f"{label:<34} {wall:8.1f} s wall {processor:8.1f} s processor {memory / 1e6:7.0f} MB", flush=True)


def executor(workers: int | None) -> list[str]:
    return ["--workers", str(workers)] if workers else []


def scenarios(members: int, workers: int | None) -> None:
    """Twenty scenarios, then again, then again with one edited."""
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place) / f"s{number:02d}.toml" for number in range(20)]
        for number, file in enumerate(files):
            file.write_text(SCENARIO.format(0.01 + number / 1000))
        common = [*map(str, files), "--out", f"{place}/out", "--members", str(members), *executor(workers)]
        show(f"20 scenarios x {members:,}", measured(common))
        show("the same, nothing changed", measured(common))
        files[7].write_text(SCENARIO.format(0.0295))
        show("the same, one parameter edited", measured(common))


def growth(members: list[int], workers: int | None) -> None:
    """One scenario of more and more members."""
    for number in members:
        with tempfile.TemporaryDirectory() as place:
            common = ["baseline", "--out", f"{place}/out", "--members", str(number), *executor(workers)]
            show(f"baseline x {number:,}", measured(common))


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("what", choices=("scenarios", "growth"))
    wanted.add_argument("--members", type=int, nargs="+")
    wanted.add_argument("--workers", type=int, help="processes; threads unless given")
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as place:
        measured(["baseline", "--out", place, "--members", "1"])
    if given.what == "scenarios":
        for number in given.members or [1000]:
            scenarios(number, given.workers)
    else:
        growth(given.members or [1000, 10_000, 100_000], given.workers)


if __name__ == "__main__":
    main()
