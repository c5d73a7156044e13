"""What a hundred thousand members and two hundred scenarios cost, from runs that take ten minutes together.

    python tests/benchmarks/scale.py [--members 5000 10000 20000] [--scenarios 5 10] [--dask 2000 6000] [--rows ...]

Measured are time, memory and size on disk of the runs named; what stands behind "extrapolated" is the straight line
through the smallest and the largest. How straight it is, and how flat memory is, is said beside it. The rows of Dask
compare the marginal wall time of a member with one worker of one thread and with two.
"""

import argparse
import tempfile
from pathlib import Path

from batch_cost import SCENARIO, measured

MANY_MEMBERS, MANY_SCENARIOS = 100_000, 200


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _row(label: str, wall: float, processor: float, memory: float, disk: float) -> None:
    print(
        f"{label:<44}{wall:8.1f} s wall{processor:8.1f} s processor{memory / 1e6:7.0f} MB{disk / 1e6:8.1f} MB on disk",
        flush=True,
    )


def extrapolate(what: str, found: dict[int, tuple[float, float, int, int]], target: int) -> None:
    """The straight line through the smallest and the largest run, and how far the one between lies from it."""
    low, high = min(found), max(found)
    slope = [(b - a) / (high - low) for a, b in zip(found[low], found[high])]
    at = {n: [a + s * (n - low) for a, s in zip(found[low], slope)] for n in (*found, target)}
    _row(f"{target:,} {what}, extrapolated", *at[target][:2], found[high][2], at[target][3])
    for n in sorted(found)[1:-1]:
        print(f"  at {n:,} processor time lies {found[n][1] / at[n][1] - 1:+.1%} from the line")
    print(f"  memory at {high:,} over that at {low:,}: {found[high][2] / found[low][2]:.2f}", flush=True)


def members(sizes: list[int]) -> None:
    """One scenario of more and more members."""
    found = {}
    for number in sizes:
        with tempfile.TemporaryDirectory() as place:
            figures = measured(["baseline", "--out", f"{place}/out", "--members", str(number)])
            found[number] = (*figures, _size(Path(place) / "out"))
        _row(f"{number:,} members", *found[number])
    extrapolate("members", found, MANY_MEMBERS)


def scenarios(counts: list[int]) -> None:
    """More and more scenarios of a thousand members."""
    found = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as place:
            files = [Path(place) / f"s{number:03d}.toml" for number in range(count)]
            for number, file in enumerate(files):
                file.write_text(SCENARIO.format(0.01 + number / 10_000))
            figures = measured([*map(str, files), "--out", f"{place}/out", "--members", "1000"])
            found[count] = (*figures, _size(Path(place) / "out"))
        _row(f"{count} scenarios x 1,000", *found[count])
    extrapolate("scenarios x 1,000", found, MANY_SCENARIOS)


def dask(few: int, many: int) -> None:
    """Marginal wall time of a member with one Dask worker and with two."""
    from dask.distributed import LocalCluster

    cost = {}
    for workers in (1, 2):
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
            tempfile.TemporaryDirectory() as place,
        ):
            common = ["baseline", "--scheduler", cluster.scheduler_address, "--members"]
            measured([*common, "200", "--out", f"{place}/warm"])
            walls = [measured([*common, str(n), "--out", f"{place}/{n}"])[0] for n in (few, many)]
        cost[workers] = (walls[1] - walls[0]) / (many - few) * 1e3
        print(f"Dask, {workers} worker(s): {cost[workers]:.2f} ms of wall time a member more", flush=True)
    print(f"two workers are {cost[1] / cost[2]:.2f} times as fast as one")


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--rows", nargs="+", choices=("members", "scenarios", "dask"), default=None)
    wanted.add_argument("--members", type=int, nargs="+", default=[5_000, 10_000, 20_000])
    wanted.add_argument("--scenarios", type=int, nargs="+", default=[5, 10, 20])
    wanted.add_argument("--dask", type=int, nargs=2, default=[2_000, 6_000])
    given = wanted.parse_args()
    rows = given.rows or ["members", "scenarios", "dask"]
    with tempfile.TemporaryDirectory() as place:
        measured(["baseline", "--out", place, "--members", "1"])
    if "members" in rows:
        members(given.members)
    if "scenarios" in rows:
        scenarios(given.scenarios)
    if "dask" in rows:
        dask(*given.dask)


if __name__ == "__main__":
    main()
