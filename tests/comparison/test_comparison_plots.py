"""Plots of comparisons: what they show, where they have nothing to show, and that no texts collide."""

import numpy as np
import pytest

from sim.comparison import compare
from sim.comparison.grid import grid_of, most_moved
from sim.plots import style
from sim.plots.comparison import comparison_folder, figures, write_comparison_plots
from tests.comparison.runs_by_hand import BASE, INDEX, write_run
from tests.plots.labels import drawn_texts, overlapping


def shifted(amount, treaties):
    """Outcomes and series in which the index is higher and some members have a treaty more."""
    outcomes = {
        **BASE,
        "index_2026": np.arange(10) / 10 + amount,
        "new_treaties_2026": np.array(BASE["new_treaties_2026"]) + (np.arange(10) < treaties),
    }
    return outcomes, {"index": INDEX + amount * np.array([0, 0.5, 1])}


@pytest.fixture
def grid(results):
    """Comparisons of the points of a design of two keys, one of them missing."""
    found = []
    for row, decay in enumerate((0.01, 0.02)):
        for column, aversion in enumerate((1.0, 2.5, 4.0)):
            if (row, column) == (1, 2):
                continue
            name = f"grid-p{3 * row + column:04d}"
            write_run(
                results / name,
                name,
                *shifted(0.02 * (column - 1) - 0.01 * row, 2 * column),
                design={"parameters.trust.decay": decay, "parameters.trust.loss_aversion": aversion},
            )
            found.append(compare(name, "base", results=results))
    return found


def texts(figure):
    return [text for text, _ in drawn_texts(figure)]


def drawn(comparisons):
    with style.styled():
        return {name: figure for name, figure in figures(comparisons) if figure is not None}


def test_one_comparison(results):
    found = drawn([compare("moved", "base", results=results)])
    assert set(found) == {"forest", "over-time-moved"}
    assert "+0.70 ±0.30" in texts(found["forest"]) and "Treaties" in texts(found["forest"])
    shown = texts(found["over-time-moved"])
    assert "Integration index" in shown
    (reading,) = (text for text in shown if text.startswith("Moves most of what is shown: "))
    assert any(reading.removeprefix("Moves most of what is shown: ").startswith(text.lower()) for text in shown if text)
    assert [overlapping(figure) for figure in found.values()] == [[], []]


def test_several_scenarios(results):
    found = drawn([compare(name, "base", results=results) for name in ("moved", "still")])
    assert set(found) == {"forest", "multiples", "over-time-moved"}
    assert {"Moved", "Still"} <= set(texts(found["forest"])) and "Moved\n+0.2000 ±0.0000" in texts(found["multiples"])
    assert [overlapping(figure) for figure in found.values()] == [[], [], []]


def test_nothing_moved_draws_nothing(results, tmp_path):
    assert write_comparison_plots([compare("still", "base", results=results)], tmp_path / "plots") == []
    assert not (tmp_path / "plots").exists()


def test_a_grid_of_two_keys(grid):
    table = grid_of(grid)
    assert (table.row_key, table.column_key, table.name) == ("trust.decay", "trust.loss_aversion", "grid")
    assert table.rows == (0.01, 0.02) and table.columns == (1.0, 2.5, 4.0)
    values, told, event, _ = table.values("new_treaties_2026")
    np.testing.assert_allclose(values, [[0, 0.2, 0.4], [0, 0.2, np.nan]])
    assert not told.any() and not event  # four of ten that differ are too few
    values, told, _, half = table.values("index_2026")
    np.testing.assert_allclose(values, [[-0.02, 0, 0.02], [-0.03, -0.01, np.nan]], atol=1e-12)
    assert told.tolist() == [[True, False, True], [True, True, False]] and half == pytest.approx(0, abs=1e-9)
    assert most_moved(grid, 5) == ["new_treaties_2026", "index_2026"]


def test_a_heat_map(grid):
    figure = drawn(grid)["heat-map"]
    shown = texts(figure)
    assert {"0.01", "2.5", "Integration index, end of 2026 (index)"} <= set(shown)
    words = {" ".join(text.split()) for text in shown}
    assert {
        "Share of the gap to the baseline closed each month",
        "How many times a loss counts as much as a gain",
    } <= words
    assert not any("trust." in text for text in shown)
    assert "\N{MINUS SIGN}0.0200" in shown and overlapping(figure) == []


def test_no_grid_where_one_key_varies_or_points_repeat(grid):
    assert grid_of(grid[:3]) is None and grid_of([grid[0], *grid[:3], grid[0]]) is None
    assert "heat-map" not in drawn(grid[:3])


def test_files_and_folder(results):
    comparisons = [compare("moved", "base", results=results)]
    folder = comparison_folder(comparisons, results)
    assert folder.parent == results / "comparisons" and folder.name.startswith("moved-against-base-")
    assert folder == comparison_folder([compare("moved", "base", results=results)], results)
    assert folder != comparison_folder([compare("moved", "base", "index*", results=results)], results)
    written = write_comparison_plots(comparisons, folder)
    assert {path.name for path in written} == {
        f"{name}.{ending}" for name in ("forest", "over-time-moved") for ending in ("svg", "png")
    }
    first = {path: path.read_bytes() for path in written}
    write_comparison_plots(comparisons, folder)
    assert all(path.read_bytes() == content for path, content in first.items())
