"""The monthly balance: no water is made or lost, limits hold, limiting cases come out as they must."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import networks

from sim.facts import load_rivers
from sim.processes.rivers.balance import balance_error, reach_loss, river_month, underground
from sim.processes.rivers.network import CLOSED, FILLING, OPERATING, compile_network, inflow_climatology
from sim.processes.rivers.state import new_state

TOLERANCE = 1e-9


def start(rivers):
    """Compiled network, names and a state with the initial storages, dams not yet built left out."""
    network, names = compile_network(rivers)
    state = new_state(network)
    for k, name in enumerate(names.nodes):
        if rivers.nodes[name].kind == "reservoir":
            state.nodes[k].storage = min(rivers.number(name, "initial_storage"), network.nodes[k].full)
            if rivers.nodes[name].switch:
                state.nodes[k].condition = CLOSED
    return network, names, state


def run_months(rivers, network, names, state, years, factor=1.0):
    """Run mean years; yields (month, worst balance error) after each month."""
    inflow = inflow_climatology(rivers, names) * factor
    for month in np.tile(np.arange(12), years):
        state.nodes["inflow"] = inflow[month]
        for name in ("toktogul", "nurek"):
            share = rivers.number(name, "mode_share")
            profile = share * np.array(rivers.values(name, "irrigation_profile"))
            profile += (1.0 - share) * np.array(rivers.values(name, "power_profile"))
            state.nodes[names.nodes.index(name)].planned = rivers.number(name, "annual_volume") * profile[month]
        before, under = state.nodes["storage"].copy(), underground(state.nodes)
        river_month(network, month, state)
        yield month, balance_error(network, state, before, under)


def water_unaccounted_for(network, state, before, under):
    """Water of a month that went nowhere, in km3, added up without the code under test."""
    kept = (state.nodes["storage"] + state.nodes["soil_water"] + state.nodes["groundwater"]).sum() - (
        before + under
    ).sum()
    kept += state.nodes["evaporation"].sum() + state.nodes["loss"].sum()
    consumed = state.users["delivered"] @ (1.0 - network.users["return_share"])
    at_sea = state.nodes["arrived"][network.nodes["kind"] == 3].sum()
    return state.nodes["inflow"].sum() - kept - consumed - at_sea


@given(rivers=networks(), data=st.data())
def test_balance_closes_on_random_networks(rivers, data):
    network, _, state = start(rivers)
    size, users = len(network.nodes), len(network.users)
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    reservoirs = network.nodes["kind"] == 1
    state.nodes["condition"] = np.where(reservoirs, random.integers(0, 3, size), OPERATING)
    for store in ("soil_water", "groundwater"):
        state.nodes[store] = np.where(network.nodes["kind"] == 2, random.uniform(0.0, 9.0, size), 0.0)
    state.nodes["fill_share"] = random.uniform(0.0, 1.0, size)
    state.users["diversion"] = random.uniform(0.0, 2.0, users)
    state.users["diversion_share"] = random.uniform(0.0, 1.2, users)
    for month in np.tile(np.arange(12), 3):
        state.nodes["inflow"] = np.where(network.nodes["kind"] == 0, random.lognormal(0.0, 1.5, size), 0.0)
        before, under = state.nodes["storage"].copy(), underground(state.nodes)
        river_month(network, month, state)
        assert balance_error(network, state, before, under) < TOLERANCE
        assert abs(water_unaccounted_for(network, state, before, under)) < TOLERANCE
        for column in ("storage", "soil_water", "groundwater", "release", "spill", "evaporation", "loss", "arrived"):
            assert (state.nodes[column] >= 0.0).all()
        assert (state.nodes["storage"] <= network.nodes["full"] + TOLERANCE).all()
        assert (state.users["delivered"] <= state.users["wanted"] + TOLERANCE).all()
        assert ((state.shares >= 0.0) & (state.shares <= 1.0)).all()


def test_balance_of_both_rivers_closes_every_month():
    rivers = load_rivers()
    network, names, state = start(rivers)
    assert max(error for _, error in run_months(rivers, network, names, state, 30)) < TOLERANCE


def test_a_release_never_draws_below_dead_storage():
    rivers = load_rivers()
    network, names, state = start(rivers)
    for _ in run_months(rivers, network, names, state, 10, factor=0.5):
        for name in ("toktogul", "nurek", "kairakkum", "shardara", "tuyamuyun"):
            k = names.nodes.index(name)
            assert state.nodes[k].storage >= network.nodes[k].dead - TOLERANCE


def test_users_of_a_section_are_cut_in_equal_proportion():
    rivers = load_rivers()
    network, names, state = start(rivers)
    seen = 0
    for _ in run_months(rivers, network, names, state, 8, factor=0.6):
        for number in range(len(names.sections)):
            inside = [
                d
                for d in range(len(names.users))
                if network.users[d].kind == 0 and network.nodes[network.users[d].node].section == number
            ]
            wanted = state.users["wanted"][inside]
            assert np.allclose(state.users["delivered"][inside], state.shares[number] * wanted, atol=1e-9)
            seen += state.shares[number] < 0.99
    assert seen > 0


def test_more_water_never_serves_less():
    rivers = load_rivers()
    served = []
    for factor in (0.5, 0.7, 0.9, 1.1):
        network, names, state = start(rivers)
        served.append(sum(state.users["delivered"].sum() for _ in run_months(rivers, network, names, state, 5, factor)))
    assert served == sorted(served)


def test_a_dam_not_built_changes_nothing_and_a_filling_one_takes_its_share():
    rivers = load_rivers()
    network, names, state = start(rivers)
    rogun, nurek = names.nodes.index("rogun"), names.nodes.index("nurek")
    steps = run_months(rivers, network, names, state, 12)
    next(steps)
    assert state.nodes[nurek].arrived == state.nodes[rogun].arrived
    state.nodes[rogun].condition, state.nodes[rogun].fill_share = FILLING, 0.2
    next(steps)
    assert state.nodes[nurek].arrived == pytest.approx(0.8 * state.nodes[rogun].arrived)
    months = sum(state.nodes[rogun].condition == FILLING for _ in steps)
    assert months / 12 == pytest.approx(13.3 / (0.2 * 20.2), abs=1.0)
    assert state.nodes[rogun].condition == OPERATING


def test_a_diversion_is_taken_before_the_others_and_does_not_return():
    rivers = load_rivers()
    network, names, state = start(rivers)
    canal, kelif = names.users.index("d_afg_qosh_tepa"), names.nodes.index("j_kelif")
    state.users[canal].diversion_share = 0.15
    for _ in run_months(rivers, network, names, state, 2, factor=0.7):
        assert state.users[canal].delivered == pytest.approx(0.15 * state.nodes[kelif].arrived)


@pytest.mark.parametrize(
    ("flow", "fixed", "share", "lost"),
    [(10.0, 1.0, 0.1, 1.9), (0.5, 1.0, 0.1, 0.5), (0.0, 1.0, 0.1, 0.0), (4.0, 0.0, 0.25, 1.0), (3.0, 1.0, 1.0, 3.0)],
)
def test_reach_loss_by_hand(flow, fixed, share, lost):
    assert math.isclose(reach_loss(flow, fixed, share), lost)


def test_water_returns_after_the_delay_in_the_mean_and_none_is_lost():
    """A pulse passes two reservoirs, each of which lets 2/(2+T) of its water go every month: T months in the mean."""
    rivers = load_rivers()
    network, names, state = start(rivers)
    k = names.nodes.index("j_fergana")
    delay = rivers.number("j_fergana", "return_delay")
    network.demand[:], network.months["shared"][:], network.months["shared_return"][:] = 0.0, 0.0, 0.0
    state.nodes[k].soil_water = 1.0
    left = [1.0]
    for _ in run_months(rivers, network, names, state, 20):
        left.append(underground(state.nodes)[k])
    drained = -np.diff(left)
    rate = 2.0 / (2.0 + delay)
    assert drained[:3] == pytest.approx(rate**2 * np.array([1.0, 2.0 * (1.0 - rate), 3.0 * (1.0 - rate) ** 2]))
    assert drained.argmax() > 0  # not at once, as from a single reservoir
    assert drained.sum() == pytest.approx(1.0)
    assert (drained * np.arange(len(drained))).sum() == pytest.approx(delay)


def test_what_the_frozen_river_cannot_carry_goes_to_the_lakes_before_koksarai_and_into_it_afterwards():
    rivers = load_rivers()
    for condition in (CLOSED, OPERATING):
        network, names, state = start(rivers)
        koksarai, lakes = names.nodes.index("koksarai"), names.nodes.index("arnasay")
        state.nodes[koksarai].condition = condition
        for name in ("shardara", "kairakkum"):
            state.nodes[names.nodes.index(name)].storage = network.nodes[names.nodes.index(name)].full
        state.nodes["inflow"] = inflow_climatology(rivers, names)[6]  # the flow of July, in January
        river_month(network, 0, state)
        assert state.nodes[koksarai].release <= 1.75 + TOLERANCE
        if condition == CLOSED:
            assert state.nodes[lakes].arrived == pytest.approx(state.nodes[koksarai].arrived - 1.75)
        else:
            assert 0.0 < state.nodes[koksarai].storage <= 3.0
