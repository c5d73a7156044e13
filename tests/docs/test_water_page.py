"""docs/water.md: its pictures are there and small, its computed tables are filled, its scripts and plots exist."""

import re
from pathlib import Path

import pytest

from sim.plots.write import PLOTS

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "water.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["river-map", "storages", "borders"])
def test_pictures_are_shown_and_small(name):
    assert f"](pictures/{name}.png)" in TEXT
    assert (DOCS / "pictures" / f"{name}.png").stat().st_size < 300_000


def test_computed_tables_are_filled():
    blocks = re.findall(r"<!-- (.+?): computed -->\n(.*?)<!-- \1: end -->", TEXT, re.DOTALL)
    assert {name for name, _ in blocks} == {
        "canal deficits",
        "canal losses",
        "canal disputes",
        "dispute counts",
        "dispute effects",
        "dispute recovery",
        "dispute spreads",
        "institution",
        "conflict counts",
        "joint pattern",
    }
    tables = [block for name, block in blocks if name != "dispute recovery"]  # printed as it stands
    assert all(block.count("|---") >= 2 and block.count("\n|") >= 3 for block in tables)


def test_scripts_that_it_names_exist():
    named = set(re.findall(r"docs/derivations/(\w+\.py)", TEXT))
    assert named and all((DOCS / "derivations" / name).is_file() for name in named)


def test_plots_that_it_names_are_drawn():
    assert {"water", "storages", "seas", "river-map", "disputes", "borders"} <= set(PLOTS)
    assert all(f"`{name}`" in TEXT for name in ("storages", "seas", "river-map", "disputes", "borders"))
