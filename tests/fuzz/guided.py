"""The guided mode of `python -m tests.fuzz`: atheris (libFuzzer) changes inputs, and keeps those that reach new lines.

Every reader runs in a process of its own, which libFuzzer ends when its time is up or when the interpreter itself
dies; an exception is written down and the search goes on. The bytes of an input are the number of its name among
the reader's, and its data.
"""

import hashlib
import random
import re
import resource
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: Modules whose branches are counted, and those among them that are compiled, which must stay as they are.
GUIDING = ("sim.errors", "sim.scenario", "sim.facts", "sim.runs", "sim.outcomes", "sim.comparison")
COMPILED = ("sim.runs.sketch",)
_LARGEST = 64_000  # bytes; what is larger than a manifest is changed blindly and not guided
_SEEDS = 200
_LONGEST = 600  # seconds of the clock after which a reading without end is ended
_MEMORY = 4000  # megabytes


def unguided() -> list[str]:
    """Modules of casim that are not instrumented: atheris takes in all of a package of which it is given a part."""
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "sim").rglob("*.py"))
    modules = (name.removesuffix(".__init__") for name in names)
    return sorted(
        name for name in modules if name in COMPILED or not any(f"{name}.".startswith(f"{each}.") for each in GUIDING)
    )


def packed(names: tuple[str, ...], name: str, data: bytes) -> bytes:
    """An input as the bytes that libFuzzer changes."""
    return bytes([names.index(name)]) + data


def unpacked(names: tuple[str, ...], data: bytes) -> tuple[str, bytes]:
    """The name and the data in any bytes."""
    return names[(data[0] if data else 0) % len(names)], data[1:]


def changed(data: bytes, chance: random.Random) -> bytes:
    """Bytes of an input, its data damaged as in the blind mode; JSON is rearranged every other time."""
    from tests.fuzz.readers import damaged, rearranged

    if data[1:2] == b"{" and chance.random() < 0.5:
        with suppress(ValueError, RecursionError, IndexError):  # no JSON, or nothing in it
            return data[:1] + rearranged(data[1:], chance)
    return data[:1] + damaged(data[1:], chance)


def guided(readers: list[str], minutes: float, place: Path) -> int:
    """Search through the readers one after the other; the number of findings, whose inputs stay in `place`."""
    from tests.fuzz.readers import prepared

    findings = 0
    with prepared() as run:
        for reader in readers:
            folder = place / reader.replace(" ", "-")
            (folder / "corpus").mkdir(parents=True, exist_ok=True)
            ends, spent = time.monotonic() + 60 * minutes / len(readers), _processor_time()
            cases, branches, found = 0, 0, set()
            while (seconds := int(ends - time.monotonic())) > 0:
                more, reached, kept = _searched(reader, folder, run, seconds)
                cases, branches, found = cases + more, max(branches, reached), found | kept
                if not more:
                    print(f"{reader}: does not start; {folder / 'log.txt'} says why", flush=True)
                    return findings + 1
            findings += len(found)
            print(
                f"{reader}: {cases:,} cases in {_processor_time() - spent:.0f} s of processor time, "
                f"{branches:,} branches, {len(found)} findings",
                flush=True,
            )
    return findings


def _processor_time() -> float:
    """Seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _searched(reader: str, folder: Path, run: Path, seconds: int) -> tuple[int, int, set[str]]:
    """One process, until its time is up or it dies: readings, branches reached, and files of inputs that were found."""
    command = [sys.executable, "-m", "tests.fuzz.guided", reader, str(folder), str(run), str(seconds)]
    log = folder / "log.txt"
    with open(log, "w", encoding="utf-8") as file:
        subprocess.run(command, stdout=file, stderr=file, cwd=ROOT)
    cases, branches, found = heard(log.read_text("utf-8", "replace"))
    for path, what in found.items():
        print(f"FOUND --only {shlex.quote(reader)} --input {shlex.quote(path)}: {what}", flush=True)
    return cases, branches, set(found)


def heard(log: str) -> tuple[int, int, dict[str, str]]:
    """Readings, branches reached, and what was found by the file of its input, from what a process wrote."""
    found = dict(re.findall(r"^FOUND (.+?\.input): (.*)", log, re.MULTILINE))
    for path in re.findall(
        r"Test unit written to (.*/(?:crash|timeout|oom)-.*)", log
    ):  # by libFuzzer, where the process itself went down
        found[path] = "ended the process"
    cases, branches = (re.findall(each, log) for each in (r"number_of_executed_units:\s*(\d+)", r"cov: (\d+)"))
    return int(cases[-1]) if cases else 0, int(branches[-1]) if branches else 0, found


def _seeds(reader: Any) -> Iterator[tuple[str, bytes]]:
    """Valid inputs, and those of the tests that lead to a message each."""
    yield from (reader.draw(random.Random(seed)) for seed in range(_SEEDS))
    for path in sorted((ROOT / "tests" / "broken").glob(reader.refused)) if reader.refused else ():
        if path.is_file() and (path.name in reader.names or len(reader.names) == 1):
            yield (path.name if path.name in reader.names else reader.names[0]), path.read_bytes()


def _search(reader: str, folder: Path, run: Path, seconds: int) -> None:
    """What the child does; it never returns."""
    import atheris

    with atheris.instrument_imports(include=["sim"], exclude=unguided()):
        from tests.fuzz.readers import READERS, Input, attempt, kind_of, prepared
    names = READERS[reader].names
    found = set()

    def one(data: bytes) -> None:
        what = attempt(reader, Input(*unpacked(names, data)))
        if what and kind_of(what) not in found:
            found.add(kind_of(what))
            path = folder / f"found-{hashlib.sha256(kind_of(what).encode()).hexdigest()[:12]}.input"
            path.write_bytes(data)
            print(f"FOUND {path}: {what}", flush=True)

    def change(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        return changed(data, chance)[:most] if chance.random() < 0.5 else atheris.Mutate(data, most)

    with prepared(run):
        words = set()
        for name, data in _seeds(READERS[reader]):
            if len(data) < _LARGEST:
                whole = packed(names, name, data)
                (folder / "corpus" / hashlib.sha256(whole).hexdigest()[:16]).write_bytes(whole)
                words.update(re.findall(rb"[A-Za-z][\w.-]{1,30}", data))
        (folder / "words.txt").write_bytes(b"".join(b'"%s"\n' % word for word in sorted(words)))
        flags = (
            f"-max_total_time={seconds} -timeout={_LONGEST} -rss_limit_mb={_MEMORY} -max_len={_LARGEST}"
            f" -artifact_prefix={folder}/ -print_final_stats=1 -dict={folder}/words.txt"
        )
        atheris.Setup([sys.argv[0], *flags.split(" "), str(folder / "corpus")], one, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    _search(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
