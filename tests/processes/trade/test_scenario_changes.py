"""What a scenario's dated events do to the record of trade."""

import math

import numpy as np
import pytest

from sim.facts import load_facts
from sim.model import build_world
from sim.processes.trade.scenario_changes import pair_names
from sim.scenario import ScenarioError, load_scenario


def world_with(tmp_path, *events):
    text = 'extends = "baseline"\n' + "".join(f"\n[[events]]\ndate = {date}\n{rest}\n" for date, rest in events)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return build_world(load_scenario(str(path)), load_facts())


class Look:
    def __init__(self, world):
        self.trade, self.names = world.inputs.trade, pair_names(world.inputs.trade, world.facts)
        self.world = world

    def __call__(self, column, pair, year):
        return getattr(self.trade, column)[year - 1992, self.names.index(pair)]


def test_no_event_changes_nothing(tmp_path):
    trade = world_with(tmp_path).inputs.trade
    assert not trade.imposed.any() and not trade.tariff.any() and not trade.quicker.any()
    assert np.isnan(trade.growth_set).all()


def test_a_route_serves_its_pairs_for_its_months(tmp_path):
    look = Look(world_with(tmp_path, ("2030-07-01", 'kind = "corridor"\nroute = "xian-tashkent"\nuntil = 2032-06-01')))
    assert look("imposed", "CHN-UZB", 2029) == 0.0
    assert look("imposed", "CHN-UZB", 2030) == pytest.approx(1 - 0.98**0.5)
    assert look("imposed", "CHN-UZB", 2031) == pytest.approx(0.02)
    assert look("imposed", "CHN-UZB", 2032) == pytest.approx(1 - 0.98**0.5)
    assert look("imposed", "CHN-UZB", 2033) == 0.0 == look("imposed", "AZE-CHN", 2031)


def test_routes_and_penalties_multiply(tmp_path):
    look = Look(
        world_with(
            tmp_path,
            ("2030-01-01", 'kind = "corridor"\nbetween = ["CHN", "UZB"]\ncost_cut = 0.1'),
            ("2030-01-01", 'kind = "sanction"\npower = "CHN"\npenalty = 0.2'),
            ("2030-01-01", 'kind = "sanction"\nroute = "northern-route"\npenalty = 0.05'),
        )
    )
    assert look("imposed", "CHN-UZB", 2030) == pytest.approx(1 - 0.9 * 1.2)
    assert look("imposed", "CHN-KAZ", 2030) == pytest.approx(-0.2)
    assert look("imposed", "EUU-KAZ", 2030) == pytest.approx(-0.05)


def test_less_time_at_borders_between_neighbours_only(tmp_path):
    quicker = 'kind = "border-time"\nparties = ["KAZ", "TJK", "UZB"]\ncut = 0.5'
    look = Look(world_with(tmp_path, ("2030-01-01", quicker)))
    assert look("quicker", "KAZ-UZB", 2030) == pytest.approx(math.log(2)) == look("quicker", "TJK-UZB", 2035)
    assert look("quicker", "KAZ-TJK", 2030) == 0.0, "they share no border"


def test_joining_and_leaving_the_union(tmp_path):
    joins, leaves = 'kind = "accession"\nstate = "UZB"', 'kind = "exit"\nstate = "KGZ"'
    look = Look(world_with(tmp_path, ("2030-01-01", joins), ("2032-01-01", leaves)))
    assert look("tariff", "RUS-UZB", 2030) == 0.5 == look("tariff", "KAZ-UZB", 2030)
    assert look("tariff", "KGZ-UZB", 2031) == 0.5 and look("tariff", "KGZ-UZB", 2032) == 0.0
    assert look("tariff", "KGZ-RUS", 2031) == 0.0 and look("tariff", "KGZ-RUS", 2032) == -0.5
    assert look("tariff", "TJK-UZB", 2030) == 0.0
    dependence = look.world.inputs.outside.dependence
    plain = world_with(tmp_path).inputs.outside.dependence
    states, russia = look.world.states, look.world.powers.index("RUS")
    change = dependence[2033 - 1992] - plain[2033 - 1992]
    assert change[states.index("UZB"), russia] == pytest.approx(0.15)
    assert change[states.index("KGZ"), russia] == pytest.approx(-0.15)


def test_free_trade_counts_beyond_what_there_is(tmp_path):
    area = 'kind = "free-trade"\nbetween = ["AFG","KAZ","KGZ","TKM","UZB"]\ncontent = 0.8'
    look = Look(world_with(tmp_path, ("2030-01-01", area)))
    assert look("tariff", "AFG-UZB", 2030) == pytest.approx(0.8)
    assert look("tariff", "KAZ-UZB", 2030) == pytest.approx(0.3)
    assert look("tariff", "KAZ-KGZ", 2030) == 0.0


def test_growth_is_held_for_the_years_mostly_covered(tmp_path):
    world = world_with(tmp_path, ("2030-03-01", 'kind = "growth"\nstate = "UZB"\nrate = 0.01\nuntil = 2032-03-01'))
    held = world.inputs.trade.growth_set[:, world.economies.index("UZB")]
    assert held[[2030 - 1992, 2031 - 1992]].tolist() == [0.01, 0.01]
    assert np.isnan(held[[2029 - 1992, 2032 - 1992]]).all()


@pytest.mark.parametrize(
    "kind, state, told", [("accession", "KAZ", "already a member"), ("exit", "UZB", "not a member")]
)
def test_memberships_are_checked(tmp_path, kind, state, told):
    with pytest.raises(ScenarioError, match=told):
        world_with(tmp_path, ("2030-01-01", f'kind = "{kind}"\nstate = "{state}"'))
