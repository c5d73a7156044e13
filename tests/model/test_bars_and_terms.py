"""Legal bars, terms of office, plans that end, and how treaties are left: hand-worked numbers."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine.event_types import CODE
from sim.facts import ISSUES, load_facts
from sim.model.accord_world import leaving_of
from sim.model.legal_bars import classes_of
from sim.model.outside_world import ouster_rate
from sim.processes.accords import within
from sim.processes.leaders import age_hazard, resembling, stays_at_term_end


def instrument(depth=0.5, weight=0.0, format="consultative", kind="agreement", organisation=False, **content):
    shares = tuple(content.get(issue, 0.0) for issue in ISSUES)
    return SimpleNamespace(
        content=shares, depth=depth, institution_weight=weight, format=format, kind=kind, organisation=organisation
    )


@pytest.mark.parametrize(
    ("given", "classes"),
    [
        (instrument(security=0.5), {"security"}),
        (instrument(security=0.9, depth=0.8), {"security", "bloc"}),
        (instrument(trade=0.4, depth=0.8), {"customs-union"}),
        (instrument(trade=0.9, depth=0.9), {"customs-union", "union"}),
        (instrument(weight=0.1, depth=0.7, voice=1.0), {"union"}),
        (instrument(weight=0.3, depth=0.6, voice=1.0), set()),  # a secretariat of meetings, however heavy
        (instrument(weight=0.15, water=0.7, energy=0.3), set()),
        (instrument(water=1.0, format="aral-fund"), set()),  # a bar names the format itself
        (instrument(trade=0.3, depth=0.8), set()),
    ],
)
def test_classes_of_instruments(given, classes):
    assert classes_of(given) == classes


def test_a_span_holds_its_first_month_and_not_the_one_after_its_last():
    span = np.array([100, 103])
    assert [within(span, month) for month in (99, 100, 102, 103)] == [False, True, True, False]


def test_turkmenistan_allies_with_nobody_unless_its_bar_is_lifted(events_of, world_of, scenario_file):
    def allied(name):
        states = world_of(name).states
        rungs = events_of("rung", name, members=60)
        rungs = rungs[(rungs["member"] >= 0) & (rungs["subject"] == 3)]
        return sum(states.index("TKM") in pair for pair in rungs[["a", "b"]].tolist())

    lifted = scenario_file('extends = "baseline"\n[states.TKM]\nbars = "none"\n', "lifted")
    assert allied("baseline") == 0
    assert allied(lifted) > 0


def test_plans_run_out_and_nobody_leaves_a_zone_without_weapons(world_of):
    leaving = {accord.id: leaving_of(accord) for accord in world_of().accords}
    assert leaving["nuclear-free-zone"] == leaving["roadmap-2025"] == leaving["national-coordinators"] == 0
    assert leaving["ifas-1993"] == 1 and leaving["friendship-2022"] == 2


def test_few_leave(world_of, block_of, events_of):
    """Fewer than one a history, new texts included, and only from what was in force."""
    world, block = world_of(), block_of(members=100)
    left = events_of("withdrawal", members=100)
    assert (left["member"] >= 0).sum() / 100 <= 1.0
    in_force = block.events[block.events["kind"] == CODE["in-force"]]
    begun = set(zip(in_force["member"].tolist(), in_force["subject"].tolist()))
    for row in left[(left["member"] >= 0) & (left["subject"] >= len(world.accords))]:
        assert (row["member"], row["subject"]) in begun


def test_a_plan_is_followed_by_another(world_of, block_of):
    world = world_of()
    signed = block_of(members=60).yearly["signed.roadmap-2025"]
    last, after = (world.years.index(year) for year in (2027, 2029))
    assert signed[:, last].mean() > 0.9
    assert 0.3 < signed[:, after].mean()  # tabled again once the plan to 2027 is over


def test_the_hazard_of_age_doubles_in_eight_years():
    assert age_hazard(-3.9, 0.0866, 60.0) == pytest.approx(math.exp(-3.9))
    assert age_hazard(-3.9, 0.0866, 76.0) == pytest.approx(4 * math.exp(-3.9), rel=2e-3)


def test_who_stays_at_the_end_of_a_term():
    assert stays_at_term_end(False, 0.93, 0.5, 1.0, 0.92) and not stays_at_term_end(True, 0.93, 0.5, 1.0, 0.92)
    assert stays_at_term_end(True, 0.93, 0.5, 0.0, 0.999)  # no turnover at all
    assert not stays_at_term_end(True, 0.93, 0.5, 2.0, 0.26)  # a half squared is a quarter


def test_ousters_are_drawn_towards_the_mean_of_all():
    facts = load_facts()
    years = 2025.5 - 1994
    mean = 3.5 / (6 * years)
    assert ouster_rate(facts, "KGZ") == pytest.approx(4 / (1 / mean + years))
    assert ouster_rate(facts, "UZB") == pytest.approx(1 / (1 / mean + years))


def test_an_heir_lies_between_a_new_draw_and_the_leader_before():
    assert resembling(-0.4, 0.6, 0.5) == pytest.approx(0.1)
    assert resembling(-0.4, 0.6, 0.0) == -0.4


def test_barred_leaders_change_more_often(events_of, world_of):
    world = world_of()
    changes = events_of("leader-change", members=100)
    changes = changes[changes["month"] <= 2030 * 12]
    count = {state: (changes["a"] == i).sum() for i, state in enumerate(world.states)}
    assert count["KAZ"] > 2 * count["TKM"]  # a single term to 2029 against a young leader without limits
