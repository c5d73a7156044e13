"""Readers fed with damaged input for as long as one likes: they must answer in words, soon, and touch nothing else.

Valid files are damaged (bits, cuts, doubled and swapped pieces, values of other kinds and sizes) and read.  A reader
may refuse with an error of its own; any other exception, or more than a few seconds, is a finding and is printed with
the seed that makes it again.  In the checkout:

    python -m tests.fuzz --minutes 10
    python -m tests.fuzz --only calibration --seed 4711 --cases 1

The damage is blind. With atheris (`uv sync --group fuzz`; Linux and macOS) it is guided by the lines that an input
reaches; inputs that were found are kept, those that reached something new too, and the next search starts from them:

    python -m tests.fuzz --guided --minutes 60
    python -m tests.fuzz --only goal --input fuzzed/goal/found-0123456789ab.input
"""

import argparse
import random
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.guided import guided, unpacked
from tests.fuzz.readers import READERS, Input, attempt, damaged, kind_of, prepared


def blind_case(reader: str, seed: int) -> Input:
    """A valid input, damaged; the same for the same seed."""
    chance = random.Random(f"{reader} {seed}")
    name, data = READERS[reader].draw(chance)
    return Input(name, damaged(data, chance))


def blind(readers: list[str], minutes: float, first: int, cases: int) -> int:
    """Cases of all readers in turn, until the time is up; the number of findings."""
    counts, found = Counter(), set()
    ends = time.monotonic() + 60 * minutes
    with prepared():
        seed = first
        while time.monotonic() < ends and seed - first < cases:
            for reader in readers:
                counts[reader] += 1
                what = attempt(reader, blind_case(reader, seed))
                if what and (reader, kind_of(what)) not in found:
                    found.add((reader, kind_of(what)))
                    print(f"FOUND {reader} --seed {seed}: {what}", flush=True)
            seed += 1
    print(f"{minutes:g} minutes: " + ", ".join(f"{reader} {n:,}" for reader, n in counts.items()))
    return len(found)


def again(reader: str, path: Path) -> int:
    """Read an input that was kept once more; 1 if it is still a finding."""
    with prepared():
        what = attempt(reader, Input(*unpacked(READERS[reader].names, path.read_bytes())))
    print(what or "read, or refused in words")
    return bool(what)


def main() -> None:
    """Search, and end with 1 if anything was found."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--minutes", type=float, default=10)
    wanted.add_argument("--only", nargs="+", choices=READERS, metavar="READER", help=", ".join(READERS))
    wanted.add_argument("--cases", type=int, default=10**9, help="cases of each reader, at most (blind)")
    wanted.add_argument("--seed", type=int, default=0, help="of the first case (blind)")
    wanted.add_argument("--guided", action="store_true", help="by the lines that an input reaches, with atheris")
    wanted.add_argument("--kept", type=Path, default=Path("fuzzed"), help="folder of what is found (guided)")
    wanted.add_argument("--input", type=Path, help="an input from there, read again by the reader of --only")
    given = wanted.parse_args()
    readers = given.only or list(READERS)
    if given.input and not (len(readers) == 1 and given.input.is_file()):
        wanted.error("--input takes a file that is there, and --only the reader that it is for.")
    if given.guided and find_spec("atheris") is None:
        wanted.error("--guided needs atheris: uv sync --group fuzz, or pip install atheris (Linux or macOS).")
    if given.input:
        sys.exit(again(readers[0], given.input))
    elif given.guided:
        findings = guided(readers, given.minutes, given.kept.resolve())
    else:
        findings = blind(readers, given.minutes, given.seed, given.cases)
    print(f"{findings} findings")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
