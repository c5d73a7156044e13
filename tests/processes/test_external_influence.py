"""GDP per head after its last figure: one future with the GDP that trade simulates."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.processes.external_influence import growth_per_head
from sim.scenario import load_scenario

PARAMS = SimpleNamespace(capacity_growth=0.03)
plain = getattr(growth_per_head, "py_func", growth_per_head)


def test_growth_per_head_is_that_of_the_volume_less_the_people():
    """Volume grew by 0.05 a year and GDP per head by 0.03, so people by 0.02; two years on the volume is up by 0.12."""
    figures = np.append(np.exp(0.03 * np.arange(11)), [np.nan, np.nan])
    volumes = np.append(0.05 * np.arange(11), [np.nan, np.nan])
    found = plain(figures, volumes, volumes[10] + 0.12, 10, 12, PARAMS)
    assert found == pytest.approx(0.12 - 2 * 0.02)
    assert plain(figures, volumes, volumes[10], 10, 10, PARAMS) == 0.0


def test_without_volumes_it_grows_at_the_constant_rate():
    figures = np.array([1000.0, np.nan, np.nan])
    assert plain(figures, np.full(3, np.nan), np.nan, 0, 2, PARAMS) == pytest.approx(0.06)


def test_capacity_and_trade_share_one_future_of_gdp(tmp_path):
    """Growth that a scenario holds moves both: capacity of January by the volume that December is to have."""
    years, found = list(range(2030, 2035)), {}
    for rate in (0.0, 0.06):
        file = tmp_path / f"rate-{rate}.toml"
        event = f'[[events]]\nid = "held"\nkind = "growth"\ndate = 2030-01-01\nstate = "KGZ"\nrate = {rate}\n'
        file.write_text(f'extends = "baseline"\ntitle = "held"\n\n{event}')
        world = build_world(load_scenario(file), load_facts())
        found[rate] = simulate_members(world, 0, 2).yearly
        at = [world.years.index(year) for year in years]
    volume = np.log(found[0.06]["gdp_volume.KGZ"] / found[0.0]["gdp_volume.KGZ"])[:, at]
    assert volume == pytest.approx(np.tile(0.06 * np.arange(1, 6), (2, 1)))
    capacity = (found[0.06]["capacity.KGZ"] - found[0.0]["capacity.KGZ"])[:, at]
    assert capacity == pytest.approx(volume / np.log(30000.0 / 1300.0))
    before = found[0.0]["capacity.KGZ"][:, world.years.index(2025)]
    assert before[0] == before[1], "before the branch growth is expected, not drawn"
