"""Terms add up to what the engine decided by, kept or recomputed, and the text agrees with them."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine.random import four_uniforms
from sim.model import simulate_members
from sim.runs import OutputError, content_key
from sim.why import explain_decision, parse_target
from sim.why.again import scenario_of, world_of
from sim.why.explain import decisions, sum_of
from sim.why.target import Target
from sim.why.tell import as_markdown, shown_parts
from sim.why.term_names import chance_at, even_total, words_of
from sim.why.watch import watch

TJK = {"state": "TJK", "instrument": "friendship-2022"}
ALLIANCE = {"dyad": "UZB-KGZ", "rung": "alliance"}


def test_the_scenario_of_a_run_is_built_again_to_its_key(bare):
    scenario, manifest = scenario_of(bare), bare.manifest
    assert content_key(scenario.resolved(), manifest["facts_digest"], manifest["model_version"]) == bare.key


def test_a_run_of_another_model_is_refused(bare):
    older = SimpleNamespace(
        path=bare.path, key=bare.key, record=bare.record, manifest={**bare.manifest, "model_version": "1"}
    )
    with pytest.raises(OutputError, match="another version of the model"):
        scenario_of(older)


@pytest.mark.parametrize("ladder, kind", [(1, "rung"), (0, "accord")])
def test_terms_sum_to_the_engines_total_to_the_last_bit(bare, ladder, kind):
    terms = simulate_members(world_of(bare), 0, 3, keep_terms=True).terms
    terms = terms[terms["ladder"] == ladder]
    rows = {name: terms[name] for name in ("month", *words_of(kind))}
    assert terms.size > 20
    assert (sum_of(rows, kind) == terms["total"]).all()
    if kind == "accord":
        expected = [chance_at(kind, total) for total in terms["total"]]
        np.testing.assert_allclose(terms["probability"], expected, rtol=1e-12)


@pytest.mark.parametrize("asked", [TJK, ALLIANCE])
def test_recomputed_terms_are_the_kept_ones(kept, bare, asked):
    target = parse_target(kept.catalogue, **asked)
    one, other = decisions(kept, target), decisions(bare, target)
    order = [np.lexsort((rows["month"], rows["member"])) for rows in (one, other)]
    assert one["month"].size > 2  # who has declined is seldom asked again
    for name in one:
        np.testing.assert_array_equal(one[name][order[0]], other[name][order[1]])


def test_needed_moves_make_the_chance_even(kept):
    found = explain_decision(kept, parse_target(kept.catalogue, **TJK))
    assert math.isclose(sum(term.mean for term in found.terms), found.total, abs_tol=1e-12)
    for term in found.terms:
        moved = found.total - term.mean + term.needed
        assert math.isclose(moved, even_total("accord"), abs_tol=1e-9)
    assert chance_at("accord", 0.0) == 0.5 and math.isclose(chance_at("rung", even_total("rung")), 0.5)
    assert [abs(term.mean) for term in found.terms] == sorted((abs(t.mean) for t in found.terms), reverse=True)


def test_what_is_shown_adds_up(kept):
    found = explain_decision(kept, parse_target(kept.catalogue, **ALLIANCE), year=2026)
    assert round(sum(shown_parts(found.terms, found.total)), 2) == round(found.total, 2)


def test_watched_disputes_happen_exactly_when_the_hazard_says_so(bare):
    """The random number of each pair and month against the recomputed chance gives the run's own disputes."""
    world, catalogue = world_of(bare), bare.catalogue
    table, pair = world.inputs.rivers.table, "UZB-KGZ"
    rows = watch(world, range(4), Target("dispute", tuple(pair.split("-")), "", "", ""))
    down, up = (world.states.index(code) for code in pair.split("-"))
    place = next(k for k in range(len(table.pair_up)) if (table.pair_down[k], table.pair_up[k]) == (down, up))
    drawn = [
        four_uniforms(table.pair_key[place], 0, int(month), int(member))[0]
        for member, month in zip(rows["member"], rows["month"])
    ]
    happens = np.array(drawn) < -np.expm1(-np.exp(sum_of(rows, "dispute")))
    found = {(int(m), int(t)) for m, t in zip(rows["member"][happens], rows["month"][happens])}
    events = bare.events
    events = events[(events["kind"] == "dispute") & (events["a"] == "UZB") & (events["b"] == "KGZ")]
    events = events[(events["month"] >= catalogue.branch) & (events["member"].between(0, 3))]
    assert found == set(zip(events["member"], events["month"])) and found


def test_a_pair_quarrels_over_all_rivers_that_it_shares(bare):
    rows = watch(world_of(bare), range(4), Target("dispute", ("KAZ", "KGZ"), "", "", ""))
    calm = (abs(rows["deficit"]) < 1e-12) & (abs(rows["flood"]) < 1e-12)  # rounding apart
    assert (rows["rivers"] > 0.0).all() and calm.any()
    assert rows["rivers"][calm] == pytest.approx(math.log(3.0))  # Syr, Chu and Talas


def test_watched_clashes_happen_exactly_when_the_hazard_says_so(bare):
    world, catalogue = world_of(bare), bare.catalogue
    rows = watch(world, range(6), Target("clash", ("KGZ", "TJK"), "", "", ""))
    dyad = world.inputs.ladder.dyad_of[world.states.index("KGZ"), world.states.index("TJK")]
    key = world.inputs.channels.section[dyad]
    drawn = [four_uniforms(key, 0, int(m), int(k))[0] for k, m in zip(rows["member"], rows["month"])]
    happens = np.array(drawn) < -np.expm1(-np.exp(sum_of(rows, "clash")))
    found = {(int(k), int(m)) for k, m in zip(rows["member"][happens], rows["month"][happens])}
    events = bare.events
    events = events[(events["kind"] == "clash") & (events["a"] == "KGZ") & (events["b"] == "TJK")]
    events = events[(events["month"] >= catalogue.branch) & (events["member"].between(0, 5))]
    assert found == set(zip(events["member"], events["month"])) and found


@pytest.mark.parametrize(
    "asked, said",
    [
        ({}, "Ask about one thing"),
        ({"state": "TJK"}, "go together"),
        ({"state": "TJK", "instrument": "friendship-2020"}, "Did you mean friendship-2022"),
        ({"state": "AZE", "instrument": "friendship-2022"}, "party of friendship-2022"),
        ({"dyad": "KAZ-UZK", "rung": "alliance"}, "Did you mean KAZ-UZB"),
        ({"dispute": "KGZ-UZB"}, "downstream and upstream"),
        ({"clash": "KGZ-TJK", "dispute": "UZB-KGZ"}, "Ask about one thing"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_nearest(bare, asked, said):
    with pytest.raises(OutputError, match=said):
        parse_target(bare.catalogue, **asked)


def test_nothing_to_decide_is_said(bare):
    target = parse_target(bare.catalogue, state="KAZ", instrument="friendship-2022")
    with pytest.raises(OutputError, match="nothing to decide"):
        explain_decision(bare, target)


def test_one_member_beside_another_run(kept, bare):
    target = parse_target(kept.catalogue, **TJK)
    text = as_markdown(explain_decision(kept, target), explain_decision(bare, target))
    assert "Tajikistan" in text and "| 2030 |" in text and "even at" in text
    changes = [line for line in text.splitlines() if line.startswith("sum")][1].split()
    assert changes[-1] == "0.00"
