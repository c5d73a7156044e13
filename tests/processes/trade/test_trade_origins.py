"""The forecasts promised in docs/trade.md, on fewer members than the page."""

import sys
from pathlib import Path

import pytest

from sim.facts import load_trade_facts
from sim.facts.trade_panel import trade_panel
from sim.hindcast.trade import random_walk
from sim.hindcast.trade_paths import default_effects

SCRIPTS = Path(__file__).parents[3] / "docs" / "derivations"


@pytest.fixture(scope="module")
def origins():
    sys.path.insert(0, str(SCRIPTS))
    try:
        import trade_origins

        yield trade_origins
    finally:
        sys.path.remove(str(SCRIPTS))


def test_bands_cover_what_they_say_over_all_pairs(origins):
    """True forecasts of 69 pairs: 80 % bands hold 70 to 90 %, and the six's dyads are no worse."""
    scored = origins.by_lead(trade_panel(load_trade_facts()), default_effects(), 60)
    for group in ("fifteen dyads of the six", "all 69 pairs"):
        assert [0.7 <= inside <= 0.9 for inside, _, _ in scored[group].values()] == [True] * 4, scored[group]
    assert scored["all 69 pairs"][10][1] < 0.6


def test_rolling_origins_reach_what_the_page_promises(origins, monkeypatch):
    monkeypatch.setattr(origins, "MEMBERS", 150)
    panel = trade_panel(load_trade_facts())
    effects = default_effects()
    row = origins.scores(origins.cases(panel, origins.path_rule(panel, effects)))
    walk = origins.scores(origins.cases(panel, random_walk(panel, False, 150)))
    rmse, crps, coverage = row[0::3], row[1::3], row[2::3]
    assert rmse[0] <= 0.31 and rmse[1] <= 0.28 and rmse[2] <= 0.77
    assert all(0.75 <= share <= 0.87 for share in coverage)
    assert all(ours < theirs for ours, theirs in zip(rmse, walk[0::3]))
    assert all(ours < theirs for ours, theirs in zip(crps, walk[1::3]))
