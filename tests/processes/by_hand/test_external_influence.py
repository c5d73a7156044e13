"""What the world outside brings: income and capacity, pull and effort, turbulence."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C, Some
from sim.engine.event_types import CODE
from sim.engine.process import put_starts
from sim.processes import external_influence as kernels

NAN = math.nan


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    """Years 25, 26, ... from month 300 on; two powers."""
    inputs.clock.__dict__.update(start=300, first_year=25, branch=324)
    inputs.outside.__dict__.update(
        dependence=np.array([[[0.4, 0.2], [0.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]]),
        turbulence=np.array([0.1, 0.3]),
    )  # fmt: skip
    region.environment.__dict__.update(
        pull_factor=np.array([1.0, 2.0]), group_share=np.array([0.5, 0.0]), turbulence=0.0, turbulence_set=NAN
    )
    region.polity.capacity_frozen_until = np.zeros(3, int)
    params.__dict__.update(
        powers_group_effect=0.5, capacity_floor=1000.0, capacity_ceiling=1000.0 * math.e**2, capacity_growth=0.03
    )


def test_pull_is_set_each_january_at_the_start_and_after_dated_events(region, inputs, params):
    kernels.set_pull(region, inputs, params, 300, 0)
    assert region.environment.pull == pytest.approx([0.4 * 0.75 + 0.4, 0.0, 2.0])
    assert region.environment.effort == pytest.approx(1.0)
    region.environment.pull_factor[:] = 1.5
    kernels.set_pull(region, inputs, params, 301, 0)
    assert region.environment.effort == pytest.approx(1.0)
    kernels.set_pull(region, inputs, params, 301, 1)
    assert region.environment.pull == pytest.approx([0.4 * 1.5 * 0.75 + 0.3, 0.0, 1.5])
    assert region.environment.effort == pytest.approx(0.5 * 0.5 + 0.5)
    kernels.set_pull(region, inputs, params, 312, 0)
    assert region.environment.pull == pytest.approx([1.5, 0.0, 0.0])
    inputs.clock.start, region.environment.pull_factor[:] = 317, 1.0
    kernels.set_pull(region, inputs, params, 317, 0)
    assert region.environment.pull == pytest.approx([1.0, 0.0, 0.0])


def test_turbulence_is_documented_or_held(region, inputs):
    kernels.set_turbulence(region, inputs, 311)
    assert region.environment.turbulence == 0.1
    kernels.set_turbulence(region, inputs, 312)
    assert region.environment.turbulence == 0.3
    region.environment.turbulence_set = 0.0
    kernels.set_turbulence(region, inputs, 312)
    assert region.environment.turbulence == 0.0


def test_dated_changes(region):
    def dated(kind, value, subject=1, a=-1):
        kernels.apply(Some(kind=CODE[kind], subject=subject, value=value, a=a), region)
        return region.environment

    assert dated("pull", 1.5).pull_factor.tolist() == [1.0, 3.0]
    assert dated("pull-restored", 2.0).pull_factor.tolist() == [1.0, 1.5]
    assert dated("group-share", 0.25).group_share.tolist() == [0.5, 0.25]
    assert dated("turbulence", 0.7).turbulence_set == 0.7
    dated("capacity-frozen", 330.0, a=B)
    assert region.polity.capacity_frozen_until.tolist() == [0, 330, 0]


def test_growth_per_head_is_that_of_the_volume_less_that_of_people(params):
    """Volumes grew by 0.5 in five years and income per head by 0.4: people by 0.02 a year."""
    figures = 1000.0 * np.exp(0.08 * np.arange(6))
    volumes = 3.0 + 0.1 * np.arange(6)
    assert kernels.growth_per_head(figures, volumes, 3.9, 5, 8, params) == pytest.approx(0.4 - 3 * 0.02)
    assert kernels.growth_per_head(figures, volumes, 9.9, 5, 5, params) == 0.0
    gaps = figures.copy()
    gaps[:2] = NAN
    volumes[:3] = NAN, 9.0, 3.2
    assert kernels.growth_per_head(gaps, volumes, 3.9, 5, 8, params) == pytest.approx(0.4 - 3 * 0.02)
    assert kernels.growth_per_head(figures, np.full(6, NAN), 3.9, 5, 8, params) == pytest.approx(0.09)
    volumes[5] = NAN
    assert kernels.growth_per_head(figures, volumes, 3.9, 5, 7, params) == pytest.approx(0.06)


def test_people_go_on_as_in_the_last_ten_years(params):
    """Before, they grew by a tenth a year."""
    years = np.arange(14)
    figures, volumes = np.full(14, 1000.0), np.where(years < 3, 0.1 * years, 0.2 + 0.01 * (years - 2))
    people = (volumes[13] - volumes[3]) / 10
    assert kernels.growth_per_head(figures, volumes, 1.0, 13, 15, params) == pytest.approx(
        1.0 - volumes[13] - 2 * people
    )


def test_capacity_follows_income(region, inputs, params, monkeypatch):
    """Documented, then with the volume: expected in January, before the branch at the stated growth."""
    rows = 4
    inputs.outside.gdp_per_head = np.full((rows, 3), NAN)
    inputs.outside.gdp_per_head[0] = 1000.0 * math.e
    inputs.outside.gdp_per_head[1, A] = 1000.0 * math.e**1.5
    inputs.trade = Some(log_volume=np.full((rows, 3), NAN), growth=np.array([0.05, 0.1, 0.2]))
    inputs.trade.log_volume[0] = 1.0
    inputs.trade.log_volume[1:3, B] = 1.2, 1.4
    commerce = Some(log_volume=np.array([1.0, 1.4, 1.1]))
    asked = []
    monkeypatch.setattr(kernels, "expected_growth", lambda *given: asked.append(given[2:]) or 0.4)

    def capacity(month):
        kernels.set_capacity(region.polity, commerce, inputs, params, month)
        return region.polity.capacity

    assert capacity(300) == pytest.approx([0.5, 0.5, 0.5])
    # one figure of both gives no growth of people: capacity.growth a year
    assert capacity(312) == pytest.approx([0.75, 0.515, 0.515])
    inputs.outside.gdp_per_head[1] = 1000.0 * math.e
    inputs.trade.log_volume[1] = 1.2  # the people grew by 0.2
    region.polity.capacity_frozen_until[A] = 325
    kept = region.polity.capacity[A]
    assert capacity(323) == pytest.approx([kept, 0.5, 0.5])
    found = capacity(324)  # volumes 1.4 on record and 1.1 + 0.4 drawn
    assert found == pytest.approx([kept, 0.5 + (0.2 - 0.2) / 2, 0.5 + (0.3 - 0.2) / 2])
    assert (2, C) in asked and found[A] == kept
    inputs.clock.branch = 325
    assert capacity(324) == pytest.approx([kept, 0.5, 0.5 + (1.1 + 0.2 - 1.2 - 0.2) / 2])
    region.polity.capacity_frozen_until[A] = 324
    assert capacity(324)[A] == pytest.approx(0.5 + (1.0 + 0.05 - 1.2 - 0.2) / 2)


def test_powers_begin_with_their_documented_weight(region, inputs):
    """Nobody holds the turbulence of a year, and no capacity stays where it is."""
    found = {"turbulence": 7.0, "turbulence_set": 7.0}
    for record in ("environment", "polity"):
        put_starts(found, kernels.PROCESS.state[record])
    assert (found["pull_factor"], found["group_share"], found["pull"], found["effort"]) == (1.0, 0.0, 0.0, 0.0)
    assert (found["capacity"], found["capacity_frozen_until"]) == (0.0, 0)
    region.environment.turbulence_set = found["turbulence_set"]
    kernels.set_turbulence(region, inputs, 311)
    assert region.environment.turbulence == 0.1  # the documented one
    whole = [one.name for one in (*kernels.PROCESS.state["polity"], *kernels.PROCESS.state["environment"]) if one.whole]
    assert whole == ["capacity_frozen_until"]
