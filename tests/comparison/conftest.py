"""Two small runs worked by hand: ten members, of which the scenario moves some."""

import numpy as np
import pytest

from tests.comparison.runs_by_hand import BASE, INDEX, MOVED, write_run


@pytest.fixture
def results(tmp_path):
    """A results folder with ``base``, ``moved`` and ``still`` (which changes a parameter and moves nothing)."""
    moved = INDEX + np.array([0.0, 0.1, 0.2])
    write_run(tmp_path / "results/base-1", "base", BASE, {"index": INDEX}, key="b" * 64)
    write_run(
        tmp_path / "results/moved-1",
        "moved",
        MOVED,
        {"index": moved},
        key="c" * 64,
        resolved={"run": {"seed": 1}, "parameters": {"trust.decay": 0.02}, "events": []},
    )
    write_run(
        tmp_path / "results/still-1",
        "still",
        BASE,
        {"index": INDEX},
        key="d" * 64,
        resolved={"run": {"seed": 1}, "parameters": {"trust.decay": 0.03}, "events": []},
    )
    return tmp_path / "results"
