"""Structural gravity against gegravity, an independent implementation, and its own laws."""

import warnings

import numpy as np
import pandas as pd
import pytest

from sim.facts import load_trade_facts
from sim.facts.trade_panel import base_year_flows
from sim.processes.trade.gravity import (
    GravityError,
    Market,
    check_solution,
    freeness_of_base,
    gravity_flows,
    newton_correction,
    shift_freeness,
    solve_resistances,
    solved,
    totals,
)


def random_economy(seed: int) -> tuple[np.ndarray, np.random.Generator]:
    """A table of flows among 3 to 30 economies of very unequal size, with strong home sales."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 31))
    size = np.exp(rng.normal(0.0, 1.5, n))
    flows = np.outer(size, size) / size.sum() * np.exp(rng.normal(-3.0, 1.0, (n, n)))
    np.fill_diagonal(flows, size * rng.uniform(0.3, 3.0, n))
    return flows, rng


def base_of(flows):
    n = len(flows)
    output, expenditure, freeness = np.empty(n), np.empty(n), np.empty((n, n))
    totals(flows, output, expenditure)
    freeness_of_base(flows, output, expenditure, freeness)
    return output, expenditure, freeness


def our_flows(freeness, output, expenditure):
    names = [f"economy {k}" for k in range(len(output))]
    flows = np.empty_like(freeness)
    gravity_flows(freeness, output, expenditure, *solved(freeness, output, expenditure, names), flows)
    return flows


def their_flows(freeness, changed, output, expenditure):
    """Baseline and conditional flows of gegravity with ln T as its only cost variable."""
    ge = pytest.importorskip("gegravity")
    n = len(output)
    names = [f"E{k:02d}" for k in range(n)]
    keys = ["ZZZ_" + names[0], *names[1:]]  # how the library files its reference importer
    ends = [(i, j) for i in range(n) for j in range(n)]
    frame = pd.DataFrame(
        {
            "exporter": [names[i] for i, _ in ends],
            "importer": [names[j] for _, j in ends],
            "year": "1",
            "trade": 1.0,
            "output": [output[i] for i, _ in ends],
            "expenditure": [expenditure[j] for _, j in ends],
            "cost": np.log(freeness).ravel(),
        }
    )
    labels = {"imp_var_name": "importer", "exp_var_name": "exporter", "year_var_name": "year"}
    sizes = {"expend_var_name": "expenditure", "output_var_name": "output"}
    estimate = pd.DataFrame([{"name": "cost", "value": 1.0, "error": 0.1}])
    coefficients = ge.CostCoeffs(estimate, identifier_col="name", coeff_col="value", stderr_col="error")
    model = ge.OneSectorGE(
        ge.BaselineData(frame, trade_var_name="trade", **labels, **sizes),
        year="1",
        cost_coeff_values=coefficients,
        cost_variables=["cost"],
        reference_importer=names[0],
        sigma=6.0,
        quiet=True,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the solver complains when asked for its last digits
        model.build_baseline(mr_tolerance=1e-13)
        model.define_experiment(frame.assign(cost=np.log(changed).ravel()))
        # The conditional step alone: the library would go on to full equilibrium, which is not compared here.
        model._calculate_multilateral_resistance(trade_costs=model.experiment_trade_costs, version="conditional")
    found = []
    for version, costs in (("baseline", freeness), ("conditional", changed)):
        inverse_out = np.array([getattr(model.country_set[key], f"_{version}_omr_ratio") for key in keys])
        inverse_in = np.array([getattr(model.country_set[key], f"_{version}_imr_ratio") for key in keys])
        found.append(np.outer(output, expenditure) / output.sum() * costs * np.outer(inverse_out, inverse_in))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_flows_and_conditional_responses_agree_with_gegravity(seed):
    flows, rng = random_economy(seed)
    output, expenditure, base = base_of(flows)
    n = len(output)
    freeness = base * np.exp(rng.normal(0.0, 0.3, (n, n)))
    changed = freeness * np.exp(rng.normal(0.0, 0.3, (n, n)) * (1.0 - np.eye(n)))
    theirs = their_flows(freeness, changed, output, expenditure)
    ours = [our_flows(freeness, output, expenditure), our_flows(changed, output, expenditure)]
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-8)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-8)
    np.testing.assert_allclose(ours[1] / ours[0], theirs[1] / theirs[0], rtol=1e-8)


@pytest.mark.parametrize("reading", ["partner", "own"])
@pytest.mark.parametrize("output_ratio", [1.0, 1.8])
def test_the_base_year_is_exact(reading, output_ratio):
    flows = base_year_flows(load_trade_facts(), reading, output_ratio)
    output, expenditure, freeness = base_of(flows)
    outward, inward = solved(freeness, output, expenditure, load_trade_facts().ids)
    np.testing.assert_allclose(outward, 1.0, rtol=1e-13)
    np.testing.assert_allclose(inward, 1.0, rtol=1e-13)
    np.testing.assert_allclose(our_flows(freeness, output, expenditure), flows, rtol=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_corrected_rounds_find_what_plain_rounds_find_in_fewer(seed):
    flows, rng = random_economy(seed)
    output, expenditure, base = base_of(flows)
    n = len(output)
    freeness, turned = np.empty((n, n)), np.empty((n, n))
    shift_freeness(base, rng.normal(0.0, 0.3, (n, n)), freeness, turned)
    rounds, found = [], []
    for correction in (np.eye(n), newton_correction(flows)):
        outward, inward, table = np.ones(n), np.ones(n), np.empty((n, n))
        market = Market(output, expenditure, correction)
        rounds.append(solve_resistances(freeness, turned, market, outward, inward, np.empty(n)))
        gravity_flows(freeness, output, expenditure, outward, inward, table)
        found.append(table)
        np.testing.assert_allclose(table.sum(axis=1), output, rtol=1e-9)
        np.testing.assert_allclose(table.sum(axis=0), expenditure, rtol=1e-9)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9)
    assert 0 < rounds[1] < rounds[0]


def test_two_economies_worked_by_hand():
    """Alike economies with freeness f between them: home share 1 / (1 + f), the rest crosses the border."""
    between = 0.25
    freeness = np.array([[1.0, between], [between, 1.0]])
    size = np.array([100.0, 100.0])
    flows = our_flows(freeness, size, size)
    home = 100.0 / (1.0 + between)
    np.testing.assert_allclose(flows, [[home, 100.0 - home], [100.0 - home, home]], rtol=1e-10)


def test_an_economy_without_figures_is_named():
    freeness = np.ones((3, 3))
    with pytest.raises(GravityError, match=r"^B: output, expenditure and trade must be positive") as caught:
        solved(freeness, np.array([1.0, -2.0, 1.0]), np.ones(3), ("A", "B", "C"))
    assert caught.value.economy == "B"
    freeness[0, 2] = np.nan
    with pytest.raises(GravityError, match=r"^A: "):
        solved(freeness, np.ones(3), np.ones(3), ("A", "B", "C"))


def test_running_out_of_rounds_says_where():
    flows, _ = random_economy(3)
    output, expenditure, freeness = base_of(flows)
    names = [f"economy {k}" for k in range(len(output))]
    freeness = freeness * np.exp(np.random.default_rng(0).normal(0.0, 1.0, freeness.shape))
    with pytest.raises(GravityError, match=r"still moved after 2 rounds, most of all that of economy \d+"):
        solved(freeness, output, expenditure, names, maximum_iterations=2)
    assert check_solution(7, names) == 7
