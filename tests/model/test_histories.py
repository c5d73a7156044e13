"""Simulated histories obey the rules: steps of one rung, rules of adoption, bounds, and what scenarios ask for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.decisions import TERM_COLUMNS
from sim.engine.layout import CLOSABLE
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario

ENTERED = ("signature", "accession", "withdrawal")
PARAMETERS = [row for row in load_facts().parameters if not row.choices and row.status != "fixed"]


@settings(max_examples=15)
@given(st.lists(st.sampled_from(PARAMETERS), max_size=4, unique_by=lambda row: row.name), st.data(), st.integers(0, 99))
def test_bounds_hold_under_any_parameters(rows, data, seed):
    overrides = [f"parameters.{r.name}={data.draw(st.floats(r.lower, r.upper))!r}" for r in rows]
    world = build_world(load_scenario("free-run", [*overrides, f"run.seed={seed}"]), load_facts())
    block = simulate_members(world, 0, 2)
    for name, values in block.yearly.items():
        if name.startswith("trust."):
            assert ((values > 0) & (values < 1)).all(), name
    for name, values in block.monthly.items():
        assert (values >= 0).all() and np.isfinite(values).all(), name
        if name != "pull_mean" and not name.startswith(("storage.", "inflow.")):
            assert (values <= 1).all(), name


def test_rungs_move_one_step_or_two_at_once_to_alliance(world_of, block_of):
    world, block = world_of("free-run"), block_of("free-run")
    kinds = world.event_kinds
    for member in block.members:
        mine = block.events[block.events["member"] == member]
        for i in range(len(world.states)):
            for j in range(i + 1, len(world.states)):
                held = 0
                for event in mine[(mine["a"] == i) & (mine["b"] == j)]:
                    if kinds[event["kind"]] == "rung":
                        assert event["subject"] == held + 1
                        held += 1
                    elif kinds[event["kind"]] == "rung-lost":
                        assert event["subject"] == held
                        held -= 1
                assert held == block.yearly[f"rung.{world.states[i]}-{world.states[j]}"][member, -1]


def test_some_steps_are_double(events_of):
    steps = events_of("rung", "free-run")
    alliances = steps[steps["subject"] == 3]
    key = {tuple(row) for row in steps[steps["subject"] == 2][["member", "month", "a", "b"]].tolist()}
    double = sum(tuple(row) in key for row in alliances[["member", "month", "a", "b"]].tolist())
    assert 0 < double < len(alliances) / 2


def test_unanimity_is_all_or_none(world_of, events_of):
    world = world_of("unanimity")
    signatures = events_of("signature", "unanimity")
    assert len(signatures)
    outside = {}  # parties that stood outside when the branch came
    for m, accord in enumerate(world.accords):
        documented = world.dated_events[world.dated_events["subject"] == m]
        kinds = {kind: set(documented["a"][documented["kind"] == world.event_kinds.index(kind)]) for kind in ENTERED}
        inside = kinds["signature"] | kinds["accession"]
        outside[m] = len(accord.parties) - len(inside - kinds["withdrawal"])
    every = (*world.accords, *world.texts)
    outside |= {m: len(every[m].parties) for m in range(len(world.accords), len(every))}
    accessions = {tuple(row) for row in events_of("accession", "unanimity")[["member", "subject"]].tolist()}
    rounds = {}
    for event in signatures:
        rounds.setdefault((event["member"], event["subject"]), {}).setdefault(event["month"], 0)
        rounds[event["member"], event["subject"]][event["month"]] += 1
    withdrawn = {tuple(row) for row in events_of("withdrawal", "unanimity")[["member", "subject"]].tolist()}
    checked = 0
    for (member, subject), months in rounds.items():
        if (member, subject) not in accessions | withdrawn:
            # all that stood outside; where a plan has ended and is renewed, all parties
            assert set(months.values()) <= {outside[subject], len(every[subject].parties)} - {0}
            checked += 1
    assert checked > 10


def test_opt_in_lets_some_sign_alone(world_of, events_of):
    signatures = events_of("signature", "concentric-circles", members=200)
    world = world_of("concentric-circles")
    five = [m for m, accord in enumerate(world.accords) if accord.proposal]
    rounds = {}
    for event in signatures[np.isin(signatures["subject"], five)]:
        rounds.setdefault((event["member"], event["subject"], event["month"]), 0)
        rounds[event["member"], event["subject"], event["month"]] += 1
    assert any(count < 5 for count in rounds.values())


def test_a_frozen_dyad_does_not_move(block_of):
    frozen, free = (block_of(name).yearly["rung.KAZ-UZB"] for name in ("core-axis-frozen", "from-2012"))
    assert (frozen[:, 2012 - 1992 :] <= 1).all()
    assert free[:, -1].mean() > 2


def test_a_less_open_leader_signs_less(block_of):
    base, adverse = block_of("baseline", members=200), block_of("leadership-reversal-uzb", members=200)
    after = slice(2032 - 1992, None)
    assert np.median(adverse.yearly["openness.UZB"][:, 2030 - 1992]) == -1.2
    assert adverse.monthly["treaty_depth"][:, -1].mean() < base.monthly["treaty_depth"][:, -1].mean()
    assert np.array_equal(adverse.yearly["openness.KAZ"][:, after], base.yearly["openness.KAZ"][:, after])


def test_as_before_keeps_the_openness(block_of):
    openness = block_of("no-2016-turn").yearly["openness.UZB"]
    assert np.array_equal(openness[:, 2015 - 1992], openness[:, 2016 - 1992])
    assert not np.array_equal(block_of("from-2016").yearly["openness.UZB"][:, 2016 - 1992], openness[:, 2016 - 1992])


def test_pull_comes_back_when_the_event_ends(block_of, scenario_file):
    squeeze = scenario_file("""
extends = "baseline"
[[events]]
date = 2027-01-01
until = 2029-12-01
kind = "pull"
power = "RUS"
factor = 3.0
""")
    base, mine = block_of().yearly["pull.KAZ"], block_of(squeeze).yearly["pull.KAZ"]
    assert (mine[:, 2028 - 1992] > base[:, 2028 - 1992]).all()
    assert mine[:, 2030 - 1992] == pytest.approx(base[:, 2030 - 1992], rel=1e-12)


def test_a_tabled_instrument_can_be_signed_and_come_into_force(world_of, events_of):
    world = world_of("regional-secretariat")
    (index,) = [m for m, accord in enumerate(world.accords) if not accord.documented]
    signed = events_of("signature", "regional-secretariat")
    force = events_of("in-force", "regional-secretariat")
    assert (signed["subject"] == index).sum() > 0
    assert (force["subject"] == index).sum() > 0


def test_what_is_closed_is_opened_before_it_is_closed_again(world_of, events_of):
    links = [CLOSABLE.index("transport"), CLOSABLE.index("energy")]  # crossings open with a settled border too
    turns = {}
    for kind in ("closure", "opening"):
        for event in events_of(kind, "free-run"):
            if event["subject"] in links:
                parties = frozenset((int(event["a"]), int(event["b"])))
                turns.setdefault((event["member"], parties, event["subject"]), []).append((event["month"], kind))
    assert sum(len(each) for each in turns.values()) > 50
    for each in turns.values():
        # opened before it may be closed within a month
        kinds = [kind for _, kind in sorted(each, key=lambda turn: (turn[0], turn[1] == "closure"))]
        assert kinds == ["closure", "opening"] * (len(kinds) // 2) + ["closure"] * (len(kinds) % 2)


def test_terms_add_up_and_are_probabilities(block_of):
    terms = block_of("baseline", members=4, keep_terms=True).terms
    parts = TERM_COLUMNS[TERM_COLUMNS.index("intercept") :]
    total = sum(terms[name] for name in parts)
    assert total == pytest.approx(terms["total"], abs=1e-12)
    ladder = terms["ladder"] == 1
    assert terms["probability"][ladder] == pytest.approx(1 - np.exp(-np.exp(terms["total"][ladder])))
    assert terms["probability"][~ladder] == pytest.approx(1 / (1 + np.exp(-terms["total"][~ladder])))
    assert {0.0, 1.0} == set(terms["decided"])


def test_keeping_terms_changes_nothing(block_of):
    kept, plain = block_of("baseline", members=4, keep_terms=True), block_of("baseline", members=24)
    for name, values in kept.yearly.items():
        assert np.array_equal(values, plain.yearly[name][:4], equal_nan=True), name
    assert plain.terms is None


def test_an_openness_that_ends_is_taken_back_from_the_same_leader_only(block_of, scenario_file):
    text = """
extends = "baseline"
[[events]]
date = 2026-01-01
until = 2030-12-01
kind = "openness"
state = "UZB"
change = 1.0
"""
    succession = """
[[events]]
date = 2028-01-01
kind = "leader-change"
state = "UZB"
openness = 0.5
"""
    quiet = "\n[states.UZB]\nleader_turnover = 0.0\n"
    before, after = 2027 - 1992, 2032 - 1992
    base = block_of(scenario_file('extends = "baseline"' + quiet, "quiet")).yearly["openness.UZB"]
    same = block_of(scenario_file(text + quiet, "same")).yearly["openness.UZB"]
    assert same[:, before] == pytest.approx(base[:, before] + 1.0)
    assert same[:, after] == pytest.approx(base[:, after])
    other = block_of(scenario_file(text + succession + quiet, "other")).yearly["openness.UZB"]
    assert (other[:, after] == 0.5).all()


def test_under_unanimity_nobody_joins_alone(events_of):
    assert len(events_of("accession", "unanimity", members=100)) == 0


def test_under_opt_in_the_willing_bring_an_accord_into_force(world_of):
    accords = {accord.id: accord for accord in world_of("concentric-circles").accords}
    assert accords["regional-security-2024"].minimum == 2
    assert {accord.rule for accord in accords.values()} == {"opt-in"}


def test_a_documented_withdrawal_hurts_trust_in_the_leaver_alone(world_of):
    world = world_of()
    felt, states = world.inputs.impacts, world.states
    left = next(event for event in world.facts.events if event.used and event.kind == "withdrawal")
    month = left.date.year * 12 + left.date.month - 1
    leaving = felt[np.isclose(felt.weight, -16 / 47) & (felt.month == month + 1)]
    assert {states[i] for i in leaving.actor} == {"UZB"}
    assert {states[i] for i in leaving.target} == {"KAZ", "KGZ", "TJK"}
