"""Derived columns are what their scripts make of the shipped tables."""

import importlib
import sys
from pathlib import Path

import pytest

from sim.facts import load_facts

SCRIPTS = Path(__file__).parents[2] / "docs" / "derivations"


@pytest.fixture
def script(monkeypatch):
    """Import a script by name, the way it runs from its own folder."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module
    for name in [name for name, module in sys.modules.items() if str(SCRIPTS) in str(getattr(module, "__file__", ""))]:
        del sys.modules[name]


def test_turnover_of_leaders(script):
    turnover = script("leader_turnover")
    facts = load_facts()
    changes = {state.id: sum(row.state == state.id for row in facts.leaders) - 1 for state in facts.states}
    pooled = sum(changes.values()) / (turnover.YEARS * len(changes))
    for state in facts.states:
        shrunk = (changes[state.id] + turnover.STRENGTH * pooled) / (turnover.YEARS + turnover.STRENGTH)
        assert state.leader_turnover == pytest.approx(shrunk, abs=1e-4)


def test_security_indicator_counts_events_of_the_record(script):
    """The weights were set on the record before 107 rows were added: each figure is part of today's count."""
    figures = {row.state: row.figure for row in load_facts().issue_weights if row.issue == "security"}
    counts = script("issue_weights").security()
    assert figures.keys() == counts.keys()
    assert all(0 <= figures[state] <= counts[state] for state in figures) and figures["KAZ"] < figures["UZB"]


def test_border_indicator_follows_the_border_table(script):
    weights = script("issue_weights")
    ones = {state.id: 1.0 for state in load_facts().states}
    assert weights.borders(ones)["UZB"] == pytest.approx(2357 + 1378 + 1332 + 1793)
