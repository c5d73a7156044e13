"""The decision table: cell by cell, and its rates in synthetic worlds in which the truth is known."""

import numpy as np
import pytest

from sim.studies.estimate import estimate
from sim.studies.verdict import ASSUMED, CONTRADICTED, OPEN, SUPPORTED, judge, weakest
from tests.studies.worlds import KINDS, rate

ROWS = np.repeat(np.arange(50), 4)


def _effect(mean, spread=0.0):
    """An effect at each row around a mean, with next to no chance in it."""
    values = mean + spread * np.linspace(-1, 1, 50)
    return estimate(values[ROWS] + 1e-9 * np.tile([1, -1, 1, -1], 50), ROWS)


FOR, AGAINST, BOTH = _effect(1, 0.5), _effect(-1, 0.5), _effect(0, 1)


@pytest.mark.parametrize(
    ("posterior", "symmetric", "prior", "verdict"),
    [
        (FOR, FOR, BOTH, SUPPORTED),
        (FOR, FOR, AGAINST, SUPPORTED),
        (FOR, FOR, FOR, ASSUMED),
        (FOR, BOTH, BOTH, ASSUMED),
        (FOR, AGAINST, BOTH, ASSUMED),
        (AGAINST, AGAINST, BOTH, CONTRADICTED),
        (AGAINST, AGAINST, AGAINST, OPEN),
        (AGAINST, BOTH, BOTH, OPEN),
        (BOTH, FOR, FOR, OPEN),
    ],
)
def test_the_table(posterior, symmetric, prior, verdict):
    effects = {"posterior": posterior, "symmetric": symmetric, "prior-only": prior}
    assert judge(effects, "higher", 0.0).verdict == verdict


def test_a_claim_may_say_lower_and_by_how_much():
    effects = {"posterior": AGAINST, "symmetric": AGAINST, "prior-only": BOTH}
    assert judge(effects, "lower", 0.0).verdict == SUPPORTED
    assert judge(effects, "lower", 2.0).verdict == OPEN  # short of 2 also without the record
    small = {"posterior": _effect(0.1, 0.05), "symmetric": _effect(0.1, 0.05), "prior-only": _effect(0, 9)}
    assert judge(small, "higher", 0.5).verdict == CONTRADICTED


def test_a_claim_may_say_that_nothing_changes():
    still = {"posterior": _effect(0.0, 0.1), "symmetric": _effect(0.0, 0.1), "prior-only": _effect(0, 2)}
    assert judge(still, "same", 0.5).verdict == SUPPORTED
    assert judge({**still, "prior-only": _effect(0, 0.1)}, "same", 0.5).verdict == ASSUMED


def test_a_placebo_as_strong_as_the_intervention_fails_the_claim():
    effects = {"posterior": FOR, "symmetric": FOR, "prior-only": BOTH}
    assert judge(effects, "higher", 0.0, {"weaker": _effect(0.6, 0.3)}).verdict == SUPPORTED
    found = judge(effects, "higher", 0.0, {"weaker": _effect(0.6, 0.3), "as strong": BOTH})
    assert found.verdict == OPEN and "as strong" in found.reason


def test_where_nothing_moves_the_model_cannot_speak():
    nothing = estimate(np.zeros(200), ROWS)
    found = judge({"posterior": nothing, "symmetric": nothing, "prior-only": nothing}, "lower", 0.0)
    assert found.verdict == OPEN and "no mechanism" in found.reason


def test_a_claim_is_as_good_as_its_weakest_test():
    found = [judge({"posterior": FOR, "symmetric": FOR, "prior-only": prior}, "higher", 0.0) for prior in (BOTH, FOR)]
    assert weakest(found).verdict == ASSUMED


@pytest.mark.parametrize("kind", KINDS)
def test_rates_in_synthetic_worlds(kind):
    """The rates of docs/how-to/claims.md, from fewer worlds."""
    assert rate(kind, 60) >= 0.85 if kind == "not identified" else rate(kind, 60) >= 0.9
