"""Trade inside a run: the record in replay, borders handed over at the branch, accords, gains, interest, failures."""

import numpy as np
import pytest

from sim.facts import ISSUES, load_facts, load_trade_facts
from sim.facts.trade_panel import trade_panel
from sim.model import build_world, simulate_members
from sim.model.parameters import draw_parameters
from sim.model.region_model import RegionModel
from sim.processes.trade.gravity import GravityError
from sim.processes.trade.inputs import depth_on_record
from sim.processes.trade.step import TRADE, check_trade
from sim.runs.work import Prepared, simulate_part
from sim.scenario import load_scenario


def run(tmp_path, text="", members=4, **settings):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "baseline"\n{text}')
    world = build_world(load_scenario(str(path), [f"{k}={v}" for k, v in settings.items()]), load_facts())
    return world, simulate_members(world, 0, members)


# nobody falls out after the branch, so that only what a test sets moves trade; a shut border opens within months
CALM = {
    "run.parameter_uncertainty": "false",
    "frictions.base": "-9",
    "frictions.openness": "0",
    "frictions.distrust": "0",
    "borders.clash_base": "-9",
    "borders.frailty": "5",
}
STAYS_SHUT = {**CALM, "frictions.reopening": "0"}


def at(world, block, name, year):
    return block.yearly[name][:, world.years.index(year)]


def test_replay_is_the_record(tmp_path):
    world, block = run(tmp_path)
    panel = trade_panel(load_trade_facts())
    for year, column in zip(panel.years, range(len(panel.years))):
        for dyad in ("KAZ-UZB", "KGZ-TJK", "TKM-UZB"):
            usd = panel.trade_usd[panel.pair(dyad), column]
            if np.isfinite(usd) and year < 2025:
                ours = at(world, block, f"trade.{dyad}", year)
                assert (ours == usd / 1e9 * panel.deflator[column]).all(), (dyad, year)


def test_the_reading_is_a_choice_of_the_scenario(tmp_path):
    world, block = run(tmp_path, '[parameters]\ntrade.reading = "own"')
    assert at(world, block, "trade.KAZ-UZB", 2022) == pytest.approx(4.65, abs=0.01)


def test_drawn_parameters_are_those_of_the_table():
    scenario = load_scenario("baseline")
    drawn = draw_parameters(scenario, load_facts(), 0, 400)
    assert np.mean(drawn["trade_size_elasticity"]) == pytest.approx(0.7, abs=0.04)
    assert (drawn["trade_closure_passage"] == 0.36).all()


CLOSED = """
[[events]]
date = 2030-07-01
kind = "closure"
actor = "UZB"
target = "KAZ"

[[events]]
date = 2032-01-01
kind = "opening"
actor = "UZB"
target = "KAZ"
"""


def test_a_closure_costs_what_documented_ones_did_and_only_while_it_lasts(tmp_path):
    world, plain = run(tmp_path, **STAYS_SHUT)
    _, closed = run(tmp_path, CLOSED, **STAYS_SHUT)
    change = np.log(closed.yearly["trade.KAZ-UZB"] / plain.yearly["trade.KAZ-UZB"])
    full = -0.3 * (1 - 0.36) - 2.5 * 0.14
    years = world.years
    assert change[:, years.index(2030)] == pytest.approx(full / 2)
    assert change[:, years.index(2031)] == pytest.approx(full)
    assert np.abs(change[:, years.index(2032)]).max() < 1e-12
    assert (at(world, closed, "gain.KAZ", 2031) < 0).all() and (at(world, closed, "gain.KAZ", 2033) == 0).all()


def test_borders_start_where_the_record_leaves_them(tmp_path):
    # shut from May 2021 to March 2025: a run that knows nothing of the opening begins with a shut border
    world, shut = run(tmp_path, **{**CALM, "run.branch": "2024-01-01", "frictions.reopening": "0.5"})
    _, open_again = run(tmp_path, **STAYS_SHUT)
    trade = world.inputs.trade
    dyad = world.dyads.index(("KGZ", "TJK"))
    assert trade.closed_branch[dyad] == 1.0 and trade.passage_branch[dyad] == 0.0
    gained = at(world, shut, "gain.TJK", 2030)
    assert (gained > 0).all(), "the opening is a change since that branch"
    assert (at(world, open_again, "gain.TJK", 2030) == 0).all(), "but not since June 2025"


STEADY = ("transport", "security", "voice")  # what no mechanism revalues
AREA = """
[[instruments]]
id = "free-trade-area"
parties = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
opens = 2026-01-01
rule = "opt-in"
minimum = 2
depth = 0.5
free_trade = 1.0
issues = { trade = 1.0 }
"""


def test_an_area_adds_what_the_record_does_not_have(tmp_path):
    settings = {"run.parameter_uncertainty": "false", "run.end": "2060-12-31"}
    settings |= {"frictions.base": "-12", "borders.clash_base": "-9"}  # borders that close cost what the area brings
    world, block = run(tmp_path, AREA, 12, **settings)
    ratified = world.inputs.trade.free_trade
    assert ratified[len(world.accords) - 1] == 1.0 and ratified[0] == 0.0
    signed = at(world, block, "signed.free-trade-area", 2050)
    assert (signed >= 2).any()
    gain = sum(at(world, block, f"gain.{s}", 2060) for s in ("KAZ", "KGZ", "TJK", "TKM", "UZB"))
    assert (gain[signed < 2] == 0).all() and (gain[signed == 5] > 0).all()


def test_interest_keeps_its_scale(tmp_path):
    assert ISSUES[TRADE] == "trade"
    world, _ = run(tmp_path)
    model = RegionModel(world.scenario, member=1, world=world)
    while model.month < world.inputs.clock.branch:
        model.step()
    weight = world.inputs.outside.issue_weight
    assert (model.region.polity.gains == weight).all(), "the record has the documented weights"
    model.run_model()
    ratio = model.region.polity.gains[:, TRADE] / weight[:, TRADE]
    assert ((ratio > 0.2) & (ratio < 5) & (ratio != 1)).all()
    others = model.region.polity.gains[:, [k for k in range(len(ISSUES)) if ISSUES[k] in STEADY]]
    assert (others == weight[:, [k for k in range(len(ISSUES)) if ISSUES[k] in STEADY]]).all()


def test_treaty_depth_of_the_record():
    depth = dict(
        zip(
            [(a, b) for a, b in build_world(load_scenario("baseline"), load_facts()).dyads],
            depth_on_record(load_facts(), 2019),
        )
    )
    assert depth["KAZ", "KGZ"] == 0.85 and depth["KAZ", "UZB"] >= 0.5
    assert all(0.0 <= value <= 1.0 for value in depth.values())


def test_depth_moves_trade_only_where_it_is_given_an_effect(tmp_path):
    world, plain = run(tmp_path, **{"run.parameter_uncertainty": "false"})
    _, deep = run(tmp_path, **{"run.parameter_uncertainty": "false", "trade.depth_effect": "0.3"})
    assert not np.array_equal(at(world, plain, "trade.KGZ-TJK", 2040), at(world, deep, "trade.KGZ-TJK", 2040))
    assert np.array_equal(at(world, plain, "trade.KGZ-TJK", 2019), at(world, deep, "trade.KGZ-TJK", 2019))


def test_failed_gains_name_the_economy():
    check_trade(0, ("AZE",))
    with pytest.raises(GravityError, match="KAZ"):
        check_trade(-2, ("AZE", "KAZ"))


def test_a_failed_member_does_not_take_the_others_with_it(tmp_path, monkeypatch):
    from sim.model import simulate
    from sim.runs.tables import catalogue_of, from_engine

    world, _ = run(tmp_path)
    catalogue = catalogue_of(world, world.scenario, load_facts())
    real = simulate.run_members

    def failing(memory, pasts, inputs, parameters, first, output):
        real(memory, pasts, inputs, parameters, first, output)
        if first <= 1 < first + len(parameters):
            output.failures[1 - first] = -2

    monkeypatch.setattr(simulate, "run_members", failing)
    documented = from_engine(world.dated_events, catalogue)
    part = simulate_part(Prepared(world, load_facts(), catalogue, documented), 0, 4)
    assert [member for member, _ in part.failed] == [1] and "KAZ" in part.failed[0][1]
    assert sorted(set(part.table("members").column("member").to_pylist())) == [0, 2, 3]


def test_integration_is_worth_something_and_its_shares_add_up(tmp_path):
    """Against a world without it; a free-trade area adds to it, and the six share what they gain together."""
    path = tmp_path / "area.toml"
    path.write_text(
        'extends = "baseline"\n[[events]]\ndate = 2026-01-01\nkind = "free-trade"\n'
        'between = ["AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB"]\ncontent = 1.0\n'
    )
    calm = [f"{name}={value}" for name, value in STAYS_SHUT.items()]
    gains = {}
    for name in ("baseline", str(path)):
        world = build_world(load_scenario(name, calm), load_facts())
        model = RegionModel(world.scenario, world=world)
        model.run_model()
        last, gdp = model.yearly.iloc[-1], world.inputs.trade.gdp
        gains[name] = np.array([last[f"integration_gain.{state}"] for state in world.states])
        shares = np.array([last[f"shapley.{state}"] for state in world.states])
        assert shares.sum() == pytest.approx(float(gains[name] @ gdp[: len(shares)]) / 1e9, rel=1e-9)
        before = model.yearly[f"integration_gain.{world.states[0]}"].to_numpy()[:10]
        assert np.isnan(before).all(), "the record holds no world without integration"
    assert gains["baseline"].min() > -1e-4 and gains["baseline"].max() > 1e-3
    assert (gains[str(path)] > gains["baseline"]).all()
