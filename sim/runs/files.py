"""Writing files so that a reader, or the next start, never sees half of one."""

import hashlib
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs.errors import explained

#: Prefix of everything that is not finished; a later start may delete what bears it.
TEMPORARY = ".tmp-"


def temporary(folder: Path, name: str) -> Path:
    """A path in the folder that no finished file and no other process uses."""
    return folder / f"{TEMPORARY}{name}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def checksum(path: Path) -> str:
    """Sha-256 of a file, 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file, or the list of names of a folder, is on the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(source: Path, target: Path) -> None:
    """Give a finished file or folder its final name, replacing a file; durable when this returns."""
    os.replace(source, target)
    flush(target.parent)


def write_json(path: Path, content: Any) -> None:
    """Replace a JSON file as a whole."""
    with explained(path):
        source = temporary(path.parent, path.name)
        try:
            source.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")
            flush(source)
            settle(source, path)
        finally:
            source.unlink(missing_ok=True)


def write_parquet(path: Path, table: pa.Table, quick: bool = True) -> None:
    """One table as a file of its own, inside a folder that is itself still temporary."""
    pq.write_table(table, path, compression="lz4" if quick else "zstd", use_dictionary=False, write_statistics=False)
    flush(path)


def clear_temporaries(folder: Path) -> None:
    """Delete what an interrupted process left unfinished."""
    for path in folder.glob(f"{TEMPORARY}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
