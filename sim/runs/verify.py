"""Whether a folder still holds what was written: every digest that it bears, checked against what is there now.

A digest guards against disks, copies and edits, not against somebody who computes the digests anew: what a run *should*
hold is known only by simulating it again.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.facts.record import OURS
from sim.runs.design import INDEX, read_index
from sim.runs.errors import DamagedError, OutputError
from sim.runs.files import LOCK, TEMPORARY, checksum
from sim.runs.manifest import MANIFEST, RECORD, SCHEMA, check_whole, content_key, read_manifest
from sim.runs.read import Run
from sim.runs.tables import ALWAYS

#: Tables that a finished run cannot do without.
REQUIRED = tuple(f"{name}.parquet" for name in (*ALWAYS, "monthly"))


def faults_of(folder: Path) -> list[str]:
    """What is wrong with the folder of a run or a design, a sentence each; empty if all is as it was written.

    OutputError if it is neither.
    """
    folder = Path(folder)
    if (folder / INDEX).exists():
        return list(_faults_of_design(folder))
    if not (folder / MANIFEST).exists():
        raise OutputError(f"{folder}: no run folder here (no {MANIFEST}).  casim runs lists them.")
    return list(_faults_of_run(folder))


def _faults_of_design(folder: Path) -> Iterator[str]:
    index = read_index(folder)
    if index is None:
        yield f"{INDEX}: cannot be read"
        return
    yield from _file_faults(folder, "members.parquet", None, index.get("checksum"))
    points = index.get("points")
    for point in points if isinstance(points, list) else ():
        name = str(point.get("folder")) if isinstance(point, dict) else ""
        inside = folder / "points" / Path(name).name
        if not (inside / MANIFEST).is_file():
            yield f"{name or 'a point'}: is missing"
            continue
        yield from (f"{name}/{fault}" for fault in _faults_of_run(inside))
        if (read_manifest(inside) or {}).get("key") != point.get("key"):
            yield f"{name}: holds another run than {INDEX} says"


def _faults_of_run(folder: Path) -> Iterator[str]:
    manifest = read_manifest(folder)
    if manifest is None:
        yield f"{MANIFEST}: cannot be read"
        return
    if manifest.get("schema") != SCHEMA:
        yield f"{MANIFEST}: layout {manifest.get('schema')!r}, this version reads {SCHEMA}"
        return
    yield from _manifest_faults(folder, manifest)
    if manifest.get("state") != "complete":
        yield f"{MANIFEST}: the run is not finished; give the command that started it again to go on"
        return
    yield from _table_faults(folder, manifest)
    yield from _record_faults(folder, manifest)


def _manifest_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """The manifest's own digest, and whether its parts say the same."""
    if "digest" not in manifest:
        yield f"{MANIFEST}: bears no digest of itself, so an edit would not be seen"
    try:
        check_whole(folder, manifest)
    except DamagedError:
        yield f"{MANIFEST}: is not as it was written"
    resolved = manifest.get("resolved")
    if not isinstance(resolved, dict):
        yield f"{MANIFEST}: says nothing of the scenario (resolved)"
        return
    key = content_key(resolved, str(manifest.get("facts_digest")), str(manifest.get("model_version")))
    if key != manifest.get("key"):
        yield f"{MANIFEST}: its key is not that of the scenario, facts and model that it names"
    run = resolved.get("run")
    for name in ("members", "seed"):
        if isinstance(run, dict) and run.get(name) != manifest.get(name):
            yield f"{MANIFEST}: {name} {manifest.get(name)!r} here, {run.get(name)!r} in the scenario"


def _table_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Size and sha-256 of every table, and whether the members are all there."""
    sizes, sums = manifest.get("files"), manifest.get("checksums")
    if not isinstance(sizes, dict) or not isinstance(sums, dict):
        yield f"{MANIFEST}: says nothing of the tables (files, checksums)"
        return
    kept = manifest.get("kept") or []
    if not isinstance(kept, list) or not all(isinstance(name, str) for name in kept):
        yield f"{MANIFEST}: kept is no list of names of tables"
        kept = []
    wanted = [*REQUIRED, *(f"{name}.parquet" for name in kept)]
    for name in dict.fromkeys((*wanted, *sizes)):
        if name not in sizes:
            yield f"{name}: the manifest does not name it"
        elif Path(name).name != name:
            yield f"{name!r}: no name of a file in this folder"
        else:
            yield from _file_faults(folder, name, sizes[name], sums.get(name))
    yield from _count_faults(folder, manifest)
    for path in sorted(folder.iterdir()):
        if path.suffix == ".parquet" and path.name not in sizes and not path.name.startswith((TEMPORARY, LOCK)):
            yield f"{path.name}: is no table of this run"


def _file_faults(folder: Path, name: str, size: Any, expected: Any) -> Iterator[str]:
    path = folder / name
    try:
        if path.is_symlink() or not path.is_file():
            yield f"{name}: is missing" if not path.exists() else f"{name}: is no ordinary file"
            return
        found = path.stat().st_size
        if size is not None and found != size:
            written = f"{size:,}" if isinstance(size, int | float) else size
            yield f"{name}: has {found:,} bytes, not the {written} written"
        elif not isinstance(expected, str):
            yield f"{name}: no checksum was kept"
        elif checksum(path) != expected:
            yield f"{name}: is not as it was written (its sha-256 differs)"
    except OSError as error:
        yield f"{name}: cannot be read ({error.strerror or error})"


def _count_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Members that are neither in the table nor said to have failed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    failed, members = manifest.get("failed"), manifest.get("members")
    if not isinstance(failed, list) or not isinstance(members, int):
        yield f"{MANIFEST}: does not say how many members there are, or which failed"
        return
    path = folder / "members.parquet"
    if path.is_symlink() or not path.is_file():
        return
    try:
        rows = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowInvalid) as error:
        yield f"members.parquet: cannot be read ({str(error).splitlines()[0]})"
        return
    if rows + len(failed) != members:
        yield f"members.parquet: {rows:,} members and {len(failed):,} failed ones, not {members:,}"


def _record_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    said = manifest.get("record")
    if said is None:
        return
    if not isinstance(said, dict) or "digest" not in said or "name" not in said:
        yield f"{MANIFEST}: does not say which record was used"
        return
    try:
        assert Run(folder, dict(manifest)).record is not OURS
    except DamagedError as error:
        yield f"{RECORD}: {str(error).removeprefix(f'{folder / RECORD}: ')}"
