"""The notebook of the tutorial runs from its first cell to its last and shows tables."""

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

NOTEBOOK = Path(__file__).parents[2] / "docs/tutorial/first-scenario.ipynb"


def _shown(notebook) -> dict[str, str]:
    """What each cell shows, as one text, by the id of the cell."""
    found = {}
    for cell in notebook.cells:
        pieces = []
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            pieces += [output.get("text", ""), data.get("text/html", ""), "picture" if "image/png" in data else ""]
        found[cell["id"]] = "".join(pieces)
    return found


def test_the_first_notebook(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "stored without outputs, which would grow old"
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    shown = _shown(notebook)
    assert "standing-secretariat" in shown["load"] and "<table>" in shown["load"]
    assert "mean trust" in shown["run"] and "Tajikistan joins" in shown["tables"]
    assert "regional-secretariat against baseline" in shown["compare"] and "changed: instruments" in shown["compare"]
    assert "more_to_tell" in shown["frame"] and "picture" in shown["time"] and "lowest trust" in shown["own"]
    assert (tmp_path / "results").is_dir()
