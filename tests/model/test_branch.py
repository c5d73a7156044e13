"""What the year of the branch has already shown: hand-worked numbers of each filter."""

import math

import numpy as np
import pytest

from sim.engine.layout import GRID_POINTS
from sim.engine.random import normal_quantile
from sim.model.format_world import meeting_rate, season_of
from sim.processes.bilateral_treaties import wave_effect, wave_given_steps
from sim.processes.region import meets_in_rest, month_of_meeting, season_left

UNIFORMS = (np.arange(2000) + 0.5) / 2000


def wave(steps, exposure, spread, uniform):
    return wave_given_steps(steps, exposure, spread, uniform, np.empty(GRID_POINTS), np.empty(GRID_POINTS))


def test_a_meeting_that_has_not_come_is_still_to_come():
    assert meets_in_rest(0.92, 0.5) == pytest.approx(0.46 / 0.54)
    assert meets_in_rest(0.9, 1.0) == 0.9  # the whole year lies ahead
    assert meets_in_rest(1.0, 0.1) == pytest.approx(1.0)
    assert meets_in_rest(0.9, 0.0) == 0.0  # all of the season is over


def test_the_month_follows_the_season():
    season = season_of([24000 + 6, 24012 + 6, 24024 + 7])  # July twice and August once
    assert season[6] == pytest.approx(2.5 / 9) and season[0] == pytest.approx(0.5 / 9)
    assert season_left(season, 6) == pytest.approx((2.5 + 1.5 + 4 * 0.5) / 9)
    months = np.array([month_of_meeting(season, 6, season_left(season, 6), u) for u in UNIFORMS])
    assert months.min() == 6 and months.max() == 11
    assert (months == 6).mean() == pytest.approx(2.5 / 6, abs=2e-3)


def test_a_format_that_met_once_does_not_meet_every_year():
    assert meeting_rate(1, 0.25) == pytest.approx(0.4)
    assert meeting_rate(3, 4.0) == pytest.approx(0.5)
    assert meeting_rate(40, 10.0) == 1.0


def test_the_wave_without_exposure_is_the_prior_one():
    waves = [wave(0.0, 1e-12, 0.9, u) for u in UNIFORMS[::100]]
    assert waves == pytest.approx([wave_effect(normal_quantile(u), 0.9) for u in UNIFORMS[::100]], abs=0.02)


def test_the_wave_given_steps_has_the_posterior_mean():
    steps, exposure, spread = 4.0, 1.0, 0.9
    z = np.linspace(-6, 6, 4001)
    shock = spread * z - 0.5 * spread**2
    weight = np.exp(-0.5 * z**2 + steps * shock - exposure * np.exp(shock))
    expected = (weight * shock).sum() / weight.sum()
    found = np.mean([wave(steps, exposure, spread, u) for u in UNIFORMS])
    assert found == pytest.approx(expected, abs=5e-3)
    quiet = np.mean([wave(0.0, exposure, spread, u) for u in UNIFORMS])
    assert quiet < -0.5 * spread**2 < found


def test_the_consultative_meeting_is_still_to_come(events_of, world_of):
    clock = world_of().inputs.clock
    met = events_of("summit", members=100)
    met = met[(met["member"] >= 0) & (met["subject"] == 0) & (met["month"] < clock.branch + 6)]
    assert 0.65 <= len(np.unique(met["member"])) / 100 <= 0.97  # 0.85 with a standard error of 0.04


def test_what_has_met_this_year_does_not_meet_again(events_of, world_of):
    world = world_of()
    formats = {row.id: k for k, row in enumerate(world.facts.formats)}
    met = events_of("summit", members=100)
    again = met[(met["member"] >= 0) & (met["month"] // 12 == world.inputs.clock.branch // 12)]
    assert not {formats["c5-italy"], formats["c5-eu"], formats["c5-china"]} & set(again["subject"].tolist())


def test_turbulence_fades_from_where_the_record_leaves_it(world_of):
    turbulence = world_of().inputs.outside.turbulence
    year = 2025 - 1992
    assert turbulence[year] == pytest.approx(1 - math.exp(-0.5), abs=0.002)  # the war, all of the last twelve months
    assert turbulence[year + 2] == pytest.approx(0.36 * turbulence[year])
