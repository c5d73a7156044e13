"""The fitted values in the table of parameters are the posterior mode that the derivation finds."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "derivations"))
import ladder_fit


@pytest.fixture(scope="module")
def rows():
    return ladder_fit.replay()


@pytest.mark.parametrize(
    ("which", "names", "log_posterior"),
    [
        (0, ladder_fit.LADDER, ladder_fit.log_posterior_ladder),
        (1, ladder_fit.ACCORDS, ladder_fit.log_posterior_accords),
    ],
)
def test_table_holds_the_mode(rows, which, names, log_posterior):
    table = {row.name: row for row in ladder_fit.load_facts().parameters}
    mode = np.array([table[name].value for name in names], float)
    for k, name in enumerate(names):
        step = np.zeros(len(names))
        step[k] = 0.1 * table[name].spread
        slope = log_posterior(mode + step, rows[which], table) - log_posterior(mode - step, rows[which], table)
        # in units of the spread: values are rounded to two digits
        assert abs(slope / 0.2) < 0.1, name


def test_the_record_holds_what_the_fit_says(rows):
    steps = rows[0]
    happened = steps[steps[:, 6] == 1, 0]
    assert [int((happened == rung).sum()) for rung in (1, 2, 3, 4)] == [9, 14, 4, 3]
