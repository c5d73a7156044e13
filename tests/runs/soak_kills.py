"""kill -9 at random moments of a batch, each followed by a resume; every one must end in the same bits.

A few of these run with the tests.  For a longer soak, in the checkout:

    python tests/runs/soak_kills.py --kills 30
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
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
#: Seconds beyond the state of the folder at which the kill is aimed.
_LONGEST = 0.5


def killed(folder: Path, seed: int) -> int:
    """Start the batch in a process of its own and kill it at a random moment: at the first writes, while parts come in,
    or while tables are finished.

    Returns the number of files that it left.
    """
    chance = random.Random(seed)
    kind, part_size = chance.choice(KINDS), chance.choice((1, 2, 5))
    script = folder / "batch_script.py"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, str(script), str(folder), kind, str(part_size)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        process.stdout.readline()
        pattern, wanted = chance.choice(
            [("0*", chance.randint(0, 10)), ("0*", chance.randint(0, 10)), ("members.parquet", 1), ("manifest.json", 1)]
        )
        while process.poll() is None and count(folder / "out", pattern) < wanted:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, _LONGEST))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert process.returncode in (0, -signal.SIGKILL)
    return count(folder / "out", "*.*")


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

    left = killed(folder, seed)
    resumed = batches.tables_of(batches.run_all(folder, part_size=random.Random(seed).choice((1, 3, 100))))
    assert resumed == expected, f"seed {seed}: the resumed batch differs"
    strays = [path for path in (folder / "out").rglob("*") if path.name.startswith((".tmp-", ".lock"))]
    assert not strays, f"seed {seed}: left behind {strays}"
    print(f"seed {seed}: killed with {left} files on disk, resumed, equal", flush=True)


def main() -> None:
    """So many kills, with seeds from 0 on."""
    import batches

    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--kills", type=int, default=30)
    wanted.add_argument("--first-seed", type=int, default=0)
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as place:
        undisturbed = Path(place) / "undisturbed"
        undisturbed.mkdir()
        expected = batches.tables_of(batches.run_all(undisturbed))
        for seed in range(given.first_seed, given.first_seed + given.kills):
            folder = Path(place) / str(seed)
            folder.mkdir()
            check(folder, seed, expected)


if __name__ == "__main__":
    main()
