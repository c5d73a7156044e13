"""[rivers]: a user's own additions to the river network, and every fault in them by file and line."""

import hashlib
import os
from pathlib import Path

from sim.errors import FactsError, Problem, printable
from sim.facts import Rivers, load_rivers
from sim.facts.files import File, exists, path_inside, read_folder
from sim.facts.tables import RIVER_FILES
from sim.scenario.document import Document


def read_additions(documents: list[Document]) -> tuple[tuple[File, ...], Rivers, list[Problem]]:
    """The tables that the nearest document adds, the rivers with them, and what is wrong with them.

    Where something is wrong the rivers are those that ship, so that the rest of the scenario can still be checked.
    """
    document = next((each for each in documents if _folder_of(each)), None)
    if document is None:
        return (), load_rivers(), []
    written = _folder_of(document)
    folder = path_inside(Path(document.path).parent, written)
    fault = _objection(folder)
    if fault or folder is None:
        shown = f'[rivers] folder = "{printable(written)}" {fault}'
        return (), load_rivers(), [document.problem(("rivers", "folder"), shown)]
    files, problems = read_folder(folder, RIVER_FILES)
    if not files and not problems:
        shown = f'[rivers] folder = "{printable(written)}" holds no table of rivers, such as {RIVER_FILES[0]}.'
        problems = [document.problem(("rivers", "folder"), shown)]
    if problems:
        return (), load_rivers(), problems
    try:
        return files, load_rivers(overlays=[files]), []
    except FactsError as error:
        return (), load_rivers(), error.problems


def _folder_of(document: Document) -> str | None:
    table = document.values.get("rivers")
    folder = table.get("folder") if isinstance(table, dict) else None
    return folder if isinstance(folder, str) and folder else None


def _objection(folder: Path | None) -> str | None:
    if folder is None:
        return "must be a folder inside the folder of this file, written with /."
    if not exists(folder):
        return "does not exist."
    return None if os.path.isdir(folder) else "is not a folder."


def digest_of_additions(files: tuple[File, ...]) -> str:
    """Sha-256 over the names and bytes of tables as they were read, so that a run's key follows what it uses."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\n" + file.data)
    return digest.hexdigest()
