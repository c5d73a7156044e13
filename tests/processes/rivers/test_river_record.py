"""The calibrated network against the observed figures: as near as the documents say."""

import sys
from pathlib import Path

import numpy as np
import pytest

DERIVATIONS = Path(__file__).parents[3] / "docs" / "derivations"


@pytest.fixture(scope="module")
def record():
    """Observed and modelled figures by source: name -> list of rows."""
    sys.path.insert(0, str(DERIVATIONS))
    try:
        import river_targets as targets
        from river_runs import recorded_factors, run
    finally:
        sys.path.remove(str(DERIVATIONS))
    from sim.facts import load_rivers

    rivers = load_rivers()
    history = run(rivers, targets.FIRST, targets.LAST, recorded_factors(rivers), targets.START)
    assert history.worst_balance < 1e-9
    return [row for aim in (targets.toktogul, targets.nurek, targets.amu, targets.syr) for row in aim(rivers, history)]


@pytest.mark.parametrize(
    ("prefix", "largest"),
    [
        ("Toktogul 20", 0.39),
        ("Nurek 20", 0.50),
        ("Tuyamuyun release", 0.54),
        ("Tuyamuyun inflow", 1.4),
        ("Amu withdrawal", 0.6),
        ("Syr withdrawal", 0.4),
        ("Northern Aral", 0.7),
    ],
)
def test_root_mean_square_error(record, prefix, largest):
    misses = [model - seen for name, seen, model, _ in record if name.startswith(prefix)]
    assert len(misses) >= 3
    assert np.sqrt(np.mean(np.square(misses))) < largest
