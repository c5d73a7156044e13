"""[rivers]: a user's own additions to the river network, and every fault in them by file and line."""

import hashlib
import os
from pathlib import Path

from sim.facts.rivers import NetworkError, Rivers, load_rivers
from sim.scenario.document import Document, label_of
from sim.scenario.errors import Problem, printable


def additions_of(document: Document) -> Path | None:
    """The folder of additions that a document itself names, if any."""
    table = document.values.get("rivers")
    folder = table.get("folder") if isinstance(table, dict) else None
    return Path(document.path).parent / os.path.normpath(folder) if isinstance(folder, str) and folder else None


def read_additions(documents: list[Document]) -> tuple[Rivers, list[Problem]]:
    """The rivers with the additions of the nearest document that names any, and what is wrong with those.

    Where something is wrong the rivers are those that ship, so that the rest of the scenario can still be checked.
    """
    for document in documents:
        folder = additions_of(document)
        if folder is None:
            continue
        fault = _objection(document.values["rivers"]["folder"], folder)
        if fault:
            return load_rivers(), [document.problem(("rivers", "folder"), fault)]
        try:
            return load_rivers(overlays=[folder]), []
        except NetworkError as error:
            shown = (
                Problem(
                    label_of(each.table) if os.sep in each.table else each.table,
                    each.line,
                    f"{each.column}: {each.message}" if each.column else each.message,
                )
                for each in error.problems
            )
            return load_rivers(), list(shown)
    return load_rivers(), []


def _objection(written: str, folder: Path) -> str | None:
    shown = f'[rivers] folder = "{printable(written)}"'
    if os.path.isabs(written) or "\\" in written or os.path.normpath(written).startswith(".."):
        return f"{shown} must be a folder inside the folder of this file, written with /."
    if not folder.is_dir():
        return f"{shown} does not exist."
    if not any(folder.glob("river_*.csv")):
        return f"{shown} holds no table of rivers, such as river_nodes.csv."
    return None


def digest_of_additions(folder: Path) -> str:
    """Sha-256 over the tables of a folder in the order of their names, so that a run's key follows their content."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("river_*.csv")):
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()
