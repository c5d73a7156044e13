"""What is expected to be built and needed, what power that is missing costs, and what the climate does to the melt."""

from typing import NamedTuple

import numpy as np
import pytest

from sim.facts import load_facts, load_rivers
from sim.model import build_world, simulate_members
from sim.processes.rivers.balance import balance_error, river_month, underground
from sim.processes.rivers.deficits import damage, unserved
from sim.processes.rivers.expected import SINCE, reached
from sim.processes.rivers.inflow import fill_inflow
from sim.processes.rivers.network import CLOSED, compile_network, inflow_climatology, steady_groundwater
from sim.processes.rivers.reservoirs import build_dam, spare_water
from sim.processes.rivers.state import Rivers, new_state
from sim.scenario import load_scenario

CANAL, MEMBERS = "taken.d_afg_qosh_tepa", 8


class Climatology(NamedTuple):
    """What `fill_inflow` reads of a table."""

    climatology: np.ndarray
    group: np.ndarray


def runs(*settings: str) -> tuple:
    """World and block of some members of the baseline."""
    world = build_world(load_scenario("baseline", settings), load_facts())
    return world, simulate_members(world, 0, MEMBERS)


def of_year(world, block, name: str, year: int) -> np.ndarray:
    return np.asarray(block.yearly[name], float)[:, world.years.index(year)]


def test_the_canal_grows_evenly_to_its_year():
    assert reached(SINCE - 1, 2030.0) == 0.0
    assert reached(SINCE + 27, 2030.0) == pytest.approx(0.5)  # half of four and a half years
    assert reached(2031 * 12, 2030.0) == 1.0
    assert reached(SINCE, 2025.0) == 1.0, "a date that has passed"


def test_power_that_can_be_bought_costs_its_price_and_the_rest_the_damage():
    assert unserved(2.5, 0.25, 3.6) == 0.0
    assert unserved(4.0, 0.4, 3.0) == pytest.approx(0.1)
    assert unserved(0.0, 0.0, 3.0) == 0.0
    kyrgyz = 0.00214 * 2.5 + damage(0.24, unserved(2.5, 2.5 / 9.5, 3.6), 1.5)
    assert kyrgyz == pytest.approx(0.005, abs=0.0005), "half a per cent of GDP, as in the winter of 2022-23"
    tajik = damage(0.24, unserved(2.7, 0.25, 0.0), 1.5)
    assert tajik == pytest.approx(0.03), "three per cent, as in the World Bank's isolated grid"


def test_earlier_melt_moves_water_and_makes_none():
    climatology = np.arange(1.0, 13.0).reshape(12, 1)
    table = Climatology(climatology, np.array([0]))
    nodes = np.recarray(1, dtype=[("inflow", float)])
    total = 0.0
    for month in range(12):
        fill_inflow(nodes, table, month, np.ones(1), np.ones(1), 0.3)
        total += nodes[0].inflow
    assert total == pytest.approx(climatology.sum())
    fill_inflow(nodes, table, 4, np.ones(1), np.ones(1), 0.3)
    assert nodes[0].inflow == pytest.approx(0.7 * 5.0 + 0.3 * 6.0)


def test_builds_come_in_the_baseline_and_can_be_left_out():
    world, block = runs()
    assert (of_year(world, block, CANAL, 2024) == 0.0).all()
    assert (of_year(world, block, CANAL, 2038) > 1.0).all()
    assert np.unique(of_year(world, block, CANAL, 2038)).size == MEMBERS, "every member expects its own volume"
    without, other = runs("water.expected=none")
    assert (np.asarray(other.yearly[CANAL], float) == 0.0).all()
    for state in ("UZB", "TKM"):
        short = of_year(world, block, f"deficit_year.{state}", 2038).mean()
        assert short > of_year(without, other, f"deficit_year.{state}", 2038).mean()
    table = without.inputs.rivers.table
    assert (table.canal, table.rogun, table.kambarata, table.growing_need, table.seller) == (-1, -1, -1, 0, -1)


def test_the_line_to_south_asia_moves_water_into_the_summer():
    world, block = runs()
    without, other = runs("water.line_worth=0")
    short = of_year(world, block, "power_deficit.KGZ", 2038).mean()
    assert short > of_year(without, other, "power_deficit.KGZ", 2038).mean() + 0.02
    assert (
        of_year(world, block, "power_deficit.KGZ", 2026) == of_year(without, other, "power_deficit.KGZ", 2026)
    ).all()


def filled_from_rogun(own_share: bool, built: bool = True):
    """Deliveries a year of users in ten dry years, the dam's storage, and the largest error of the balance."""
    rivers = load_rivers()
    given = build_world(load_scenario("baseline"), load_facts(), with_past=False).inputs.rivers
    network, names = compile_network(rivers)
    inflow, found, worst = inflow_climatology(rivers, names), [], 0.0
    member = Rivers(new_state(network), None)
    nodes, dam = member.flows.nodes, names.nodes.index("rogun")
    for k, name in enumerate(names.nodes):
        nodes[k].soil_water = nodes[k].groundwater = steady_groundwater(network, k)
        if rivers.nodes[name].kind == "reservoir":
            nodes[k].storage = rivers.number(name, "initial_storage")
        if rivers.nodes[name].switch and rivers.nodes[name].kind == "reservoir":
            nodes[k].storage, nodes[k].condition = 0.0, CLOSED
    for month in range(180):
        if month == 60 and built:
            build_dam(member, given, dam, 16.0, own_share)
        nodes["inflow"] = 0.75 * inflow[month % 12]
        for name in ("toktogul", "nurek"):
            at = names.nodes.index(name)
            nodes[at].planned = rivers.number(name, "annual_volume") * rivers.values(name, "power_profile")[month % 12]
        spare_water(member, given, month % 12)
        before, under = nodes["storage"].copy(), underground(nodes)
        river_month(network, month % 12, member.flows)
        worst = max(worst, balance_error(network, member.flows, before, under))
        found.append(member.flows.users["delivered"].copy())
    return names.users, np.array(found)[120:].sum(axis=0) / 5.0, nodes[dam].storage, worst


def test_rogun_out_of_tajikistans_own_share_costs_nobody_below():
    users, without, _, _ = filled_from_rogun(False, built=False)
    _, river, filled, worst = filled_from_rogun(False)
    _, own, filled_too, worst_too = filled_from_rogun(True)
    assert filled_too == filled > 5.0 and max(worst, worst_too) < 1e-12
    tajik = users.index("d_tjk_amu")
    below = [users.index(name) for name in ("d_tkm_karakum", "d_uzb_karshi_bukhara", "d_uzb_lower", "d_tkm_dashoguz")]
    loss = (without - river)[below].sum()
    assert loss > 0.3, "km3 a year where the river pays"
    assert abs((without - own)[below].sum()) < 0.1 * loss
    assert (without - own)[tajik] == pytest.approx(filled / 10.0 / (1.0 - 0.2), rel=0.1)


def test_what_a_scenario_says_itself_overrules_what_is_expected():
    shape = [
        build_world(load_scenario(name), load_facts(), with_past=False).inputs.rivers.table
        for name in ("rogun-filling", "qosh-tepa-10km3", "kambarata-joint")
    ]
    assert [table.rogun >= 0 for table in shape] == [False, True, True]
    assert [table.canal >= 0 for table in shape] == [True, False, True]
    assert [table.kambarata >= 0 for table in shape] == [True, True, False]
