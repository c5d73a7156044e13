"""The three ways of writing the reduced core live through the same histories when they share their random numbers."""

import numpy as np
import pytest
from compiled_core import CompiledCore
from core import MONTHS, load_core


@pytest.fixture(scope="module")
def core():
    return load_core()


@pytest.fixture(scope="module")
def compiled(core):
    return CompiledCore(core, seed=2026)


@pytest.fixture(scope="module")
def lived(compiled):
    """Records of the first three members."""
    return compiled.run(0, 3)


def test_the_core_is_worth_comparing(lived):
    series, _, rungs, signed = lived
    assert 0.1 < series[:, :, 0].min() and series[:, :, 0].max() < 0.95
    assert 5 < rungs.sum(axis=1).mean() < 45 and 5 < signed.sum(axis=(1, 2)).mean() < 70


@pytest.mark.parametrize("member", [0, 2])
def test_mesa_lives_through_the_same_history(core, compiled, lived, member):
    from mesa_core import Region

    model = Region(core, compiled.draw(member))
    while model.running:
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    _same(frame.to_numpy(dtype=float), model.datacollector.get_agent_vars_dataframe()["trust"], lived, member)
    assert [model.rung[dyad] for dyad in model.dyads] == lived[2][member].tolist()


def test_agentpy_lives_through_the_same_history(core, compiled, lived):
    pytest.importorskip("agentpy", reason="AgentPy does not install beside the rest here")
    from agentpy_core import Region

    results = Region({"core": core, "draw": compiled.draw(1), "steps": MONTHS}).run(display=False)
    frame = results.variables.Region[["trust_mean", "rungs_held", "signatures"]].loc[1:]
    trust = results.variables.State["trust"].unstack("obj_id").loc[1:].stack()
    _same(frame.to_numpy(dtype=float), trust, lived, 1)


def _same(series, trust, lived, member):
    """Equal treaties in every month; equal trust but for the order in which sums are taken."""
    ours = lived[0][member]
    assert series.shape == ours.shape
    np.testing.assert_array_equal(series[:, 1:], ours[:, 1:])
    np.testing.assert_allclose(series[:, 0], ours[:, 0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(trust.to_numpy().reshape(MONTHS, -1), lived[1][member], rtol=0, atol=1e-10)
