"""Storages, deliveries and what reaches the seas agree with pywr on the same network over thirty years."""

import gc

import numpy as np
import pytest

from sim.facts import load_rivers
from sim.processes.rivers.balance import river_month
from sim.processes.rivers.network import CLOSED, FILLING, compile_network, inflow_climatology, steady_groundwater
from sim.processes.rivers.state import new_state

pytest.importorskip("pywr")
from pywr_network import build

pytestmark = pytest.mark.filterwarnings("ignore:.M. is deprecated:FutureWarning")
YEARS, FIRST_YEAR = 30, 1996
TOLERANCE = 1e-9


@pytest.fixture(autouse=True)
def models_freed_here():
    """GLPK aborts the process if a model is freed on another thread, as a later collection of garbage may do."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def thirty_years():
    """Inflows and plans of thirty varied years with Rogun filling and Qosh Tepa drawing water from the tenth on."""
    rivers = load_rivers()
    network, names = compile_network(rivers)
    random = np.random.default_rng(20260101)
    groups = {group: random.lognormal(-0.02, 0.2, YEARS).repeat(12) for group in ("naryn", "syr", "vakhsh", "amu")}
    inflow = np.tile(inflow_climatology(rivers, names), (YEARS, 1))
    for k, name in enumerate(names.nodes):
        if rivers.nodes[name].kind == "inflow":
            inflow[:, k] *= groups[rivers.nodes[name].group]
    return rivers, network, names, inflow


def run_engine(rivers, network, names, inflow):
    """Volumes of every month: storage and release of nodes, arrivals, deliveries."""
    state = new_state(network)
    position = {name: k for k, name in enumerate(names.nodes)}
    for node in rivers.of_kind("reservoir"):
        state.nodes[position[node.id]].storage = rivers.number(node.id, "initial_storage")
        if node.switch:
            state.nodes[position[node.id]].condition = CLOSED
    for k in range(len(names.nodes)):
        state.nodes[k].soil_water = state.nodes[k].groundwater = steady_groundwater(network, k)
    found = {name: [] for name in ("storage", "soil_water", "groundwater", "release", "arrived", "delivered")}
    for t in range(len(inflow)):
        if t == 120:
            rogun = state.nodes[position["rogun"]]
            rogun.condition, rogun.fill_share = FILLING, 13.3 / 5 / 20.2
            state.users[names.users.index("d_afg_qosh_tepa")].diversion = 10.0 / 12.0
            state.users[names.users.index("d_tjk_amu")].spared = state.nodes[position["j_kelif"]].spared = 0.05
        state.nodes["inflow"] = inflow[t]
        for name in ("toktogul", "nurek"):
            profile = rivers.values(name, "power_profile")[t % 12]
            state.nodes[position[name]].planned = rivers.number(name, "annual_volume") * profile
        river_month(network, t % 12, state)
        for name in ("storage", "soil_water", "groundwater", "release", "arrived"):
            found[name].append(state.nodes[name].copy())
        found["delivered"].append(state.users["delivered"].copy())
    return {name: np.array(rows) for name, rows in found.items()}


def under_the_fields(rivers, names):
    """Junction -> km3 in each of the stores under its fields at the start, where water comes back only later."""
    network, _ = compile_network(rivers)
    return {
        node.id: steady_groundwater(network, names.nodes.index(node.id))
        for node in rivers.of_kind("junction")
        if rivers.number(node.id, "return_delay") > 0.0
    }


def differences(rivers, names, inflow, engine):
    """Largest difference from pywr in km3, for storages, deliveries and sinks."""
    column = {name: k for k, name in enumerate(names.nodes)}
    reservoirs = [node.id for node in rivers.of_kind("reservoir")]
    model, recorders, days = build(
        rivers,
        FIRST_YEAR,
        {node.id: inflow[:, column[node.id]] for node in rivers.of_kind("inflow")},
        {name: engine["release"][:, column[name]] for name in reservoirs},
        {name: engine["delivered"][:, d] for d, name in enumerate(names.users)},
        {name: rivers.number(name, "initial_storage") for name in reservoirs} | under_the_fields(rivers, names),
    )
    model.run()
    worst = {"storage": 0.0, "soil_water": 0.0, "groundwater": 0.0, "delivered": 0.0, "sink": 0.0}
    for (kind, name), recorder in recorders.items():
        if kind in ("storage", "soil_water", "groundwater"):
            ours, theirs = engine[kind][:, column[name]], recorder.data[:, 0]
        elif kind == "sink":
            ours, theirs = engine["arrived"][:, column[name]], recorder.data[:, 0] * days
        else:
            ours, theirs = engine["delivered"][:, names.users.index(name)], recorder.data[:, 0] * days
        worst[kind] = max(worst[kind], float(np.abs(ours - theirs).max()))
    return worst


def test_agreement_over_thirty_years(thirty_years):
    rivers, network, names, inflow = thirty_years
    engine = run_engine(rivers, network, names, inflow)
    assert (engine["storage"][:, names.nodes.index("rogun")] > 1.0).any()
    worst = differences(rivers, names, inflow, engine)
    assert max(worst.values()) < TOLERANCE, worst


@pytest.mark.parametrize("fault", ["return", "delay", "loss", "fixed loss", "evaporation"])
def test_a_planted_error_is_caught(thirty_years, fault):
    rivers, _, names, inflow = thirty_years
    network, _ = compile_network(rivers)
    if fault == "return":
        network.users["return_share"][names.users.index("d_tjk_amu")] += 0.001
    elif fault == "delay":
        network.nodes["drainage"][names.nodes.index("j_fergana")] += 0.0001
    elif fault == "loss":
        network.nodes["flow_loss"][names.nodes.index("j_kerki")] += 0.0001
    elif fault == "fixed loss":
        network.months["fixed_loss"][6, names.nodes.index("j_kerki")] += 0.001
    else:
        network.months["evaporation"][6, names.nodes.index("shardara")] += 0.0001
    inflow = inflow[:36]
    worst = differences(rivers, names, inflow, run_engine(rivers, network, names, inflow))
    assert max(worst.values()) > 1e-6
