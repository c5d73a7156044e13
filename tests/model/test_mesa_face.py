"""What users of Mesa do with a model works on `RegionModel`: batches, data collection, steps past the end."""

import gc
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.facts import load_facts
from sim.model import build_world
from sim.model.region_model import RegionModel
from sim.scenario import load_scenario

SHORT = ["run.end=1993-06-30", "run.members=3"]


@pytest.fixture(scope="module")
def world():
    return build_world(load_scenario("free-run", SHORT), load_facts())


@pytest.fixture(scope="module")
def finished(world):
    model = RegionModel(world.scenario, member=2, world=world)
    model.run_model()
    return model


def test_its_data_collector_holds_every_month(finished):
    collected = finished.datacollector.get_model_vars_dataframe()
    assert len(collected) == len(finished.frame) == 18
    assert np.array_equal(collected["trust_mean"].to_numpy(), finished.frame["trust_mean"].to_numpy())
    agents = finished.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 18 * len(finished.world.states)
    assert set(agents["state"]) == set(finished.world.states)


def test_a_step_after_the_last_month_does_nothing(world):
    model = RegionModel(world.scenario, member=2, world=world)
    model.run_model()
    before = model.frame
    for _ in range(3):
        model.step()
    assert not model.running
    pd.testing.assert_frame_equal(model.frame, before)


def test_months_have_dates(world):
    model = RegionModel(world.scenario, world=world)
    assert len(model.frame) == 0
    assert str(model.date) == "1992-01-01"
    model.step()
    assert str(model.date) == "1992-02-01"
    assert isinstance(model.frame.index, pd.DatetimeIndex)
    assert str(model.frame.index[0].date()) == "1992-01-01"


def test_its_scenario_is_that_of_its_world(finished, world):
    assert finished.world.scenario is world.scenario


def test_mesas_batches_run_it(finished, world):
    found = mesa.batch_run(
        RegionModel,
        {"scenario": world.scenario, "member": [1, 2]},
        number_processes=1,
        data_collection_period=-1,
        display_progress=False,
    )
    by_member = {row["member"]: row["trust_mean"] for row in found}
    assert by_member.keys() == {1, 2}
    assert by_member[1] != by_member[2]
    assert by_member[2] == finished.frame["trust_mean"].iloc[-1]


def test_a_seed_is_that_of_another_ensemble(world):
    one, other = (RegionModel(world.scenario, rng=seed) for seed in (world.scenario.run.seed, 7))
    plain = RegionModel(world.scenario, world=world)
    for model in (one, other, plain):
        model.run_model()
    assert np.array_equal(one.frame, plain.frame)
    assert not np.array_equal(other.frame, plain.frame)
    with pytest.raises(ValueError, match="give one of both"):
        RegionModel(world.scenario, world=world, rng=7)


def test_a_model_that_nobody_holds_is_freed(world):
    model = RegionModel(world.scenario, world=world)
    model.step()
    kept = weakref.ref(model)
    del model
    gc.collect()
    assert kept() is None
