"""Files that a user wrote, read once: ordinary files of bounded size, never a device, a pipe or a folder."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Problem, printable, suggestion

LARGEST_FILE = 1_000_000
LARGEST_TABLE = 20_000_000


@dataclass(frozen=True)
class File:
    """A file as it was read: its name, what messages call it, and its bytes."""

    name: str
    label: str
    data: bytes


class Unreadable(Exception):
    """A file cannot be read; the text goes on from its name, as in "is a folder, not a table."."""


def label_of(path: str | os.PathLike) -> str:
    """A path as messages show it: relative to the working folder when it lies inside it."""
    try:
        path = os.path.abspath(path)
        relative = os.path.relpath(path)
    except (OSError, ValueError):
        return printable(os.fspath(path))
    shown = path if relative.startswith("..") else relative
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in shown)


def read_bytes(path: str | os.PathLike, what: str, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a file that should be `what`, such as "a table".

    Raises
    ------
    Unreadable : missing, forbidden, a folder, a device or pipe, or larger than `largest` bytes
    """
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable(f"is a folder, not {what}.")
        if not stat.S_ISREG(mode):
            raise Unreadable("is not an ordinary file.")
        with open(path, "rb") as file:
            data = file.read(largest + 1)
    except PermissionError:
        raise Unreadable("cannot be read: permission denied.") from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}.") from None
    if len(data) > largest:
        raise Unreadable(f"is larger than {largest:,} bytes: not {what}.")
    return data


def read_file(path: str | os.PathLike, what: str, largest: int = LARGEST_FILE) -> File:
    """A user's file with the name that messages give it; errors as in `read_bytes`."""
    return File(os.path.basename(path), label_of(path), read_bytes(path, what, largest))


def decode(data: bytes) -> str:
    """UTF-8 with or without a byte-order mark.

    Raises
    ------
    UnicodeDecodeError : it is none; `line_of` says where
    """
    return data.decode("utf-8-sig")


def not_utf8(error: UnicodeDecodeError) -> tuple[int, str]:
    """Line and text of what is wrong with bytes that are no UTF-8."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return line, f"is not UTF-8: byte 0x{error.object[error.start]:02x}.  Save the file as UTF-8."


def path_inside(base: Path, written: str) -> Path | None:
    """The path that a text means inside the folder `base`; None if it is absolute, leaves it or uses backslashes."""
    outside = os.path.isabs(written) or "\\" in written or written[1:2] == ":"
    normal = os.path.normpath(written)
    return None if outside or normal.startswith("..") else base / normal


def exists(path: Path) -> bool:
    """Whether something is there; False, too, for a name that no file can have."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read_folder(
    folder: Path, tables: tuple[str, ...], elsewhere: tuple[tuple[str, str], ...] = ()
) -> tuple[tuple[File, ...], list[Problem]]:
    """The tables in a user's folder, and a problem for each file that looks like a table but cannot be one of them.

    Parameters
    ----------
    tables : names of the files that the folder may hold, such as river_nodes.csv
    elsewhere : pairs of a name that others give to a table and its name here
    """
    files, problems = [], []
    for path in sorted(folder.iterdir()):
        label = label_of(path)
        if path.name in tables:
            try:
                files.append(File(path.name, label, read_bytes(path, "a table", LARGEST_TABLE)))
            except Unreadable as error:
                problems.append(Problem(label, 0, str(error)))
        elif path.suffix.lower() in (".xlsx", ".xls", ".ods", ".tsv"):
            problems.append(Problem(label, 0, "is not CSV.  Save the sheet as CSV UTF-8."))
        elif ".csv" in path.name.lower() and not path.name.startswith((".", "~")):
            problems.append(Problem(label, 0, _not_a_table(path.name, tables, elsewhere)))
    return tuple(files), problems


def _not_a_table(name: str, tables: tuple[str, ...], elsewhere: tuple[tuple[str, str], ...]) -> str:
    if name.removesuffix(".csv").endswith("parameters"):
        return "is not a table of this folder.  Parameters are set in a scenario, under [parameters]."
    same = [ours for theirs, ours in elsewhere if theirs == name.lower() and ours in tables]
    hint = f"  Here that is {same[0]}." if same else suggestion(name, tables)
    return "is not a table of this folder." + hint
