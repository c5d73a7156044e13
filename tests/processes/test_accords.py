"""Who is asked again, and who joins by accession: what members do after a refusal."""

import numpy as np
import pytest

from sim.engine.event_types import CODE
from sim.facts import load_facts
from sim.facts.rows import month_of
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario

MEMBERS = 200


def simulated(*settings):
    world = build_world(load_scenario("baseline", ("run.end=2030-12-31", *settings)), load_facts())
    events = simulate_members(world, 0, MEMBERS).events
    return world, events[events["member"] >= 0]


def branch_of(world):
    return month_of(world.scenario.run.branch)


def answers(world, events, accord, state):
    """Member -> kinds of its simulated answers of one state to one accord, in their order."""
    number, i = [row.id for row in world.accords].index(accord), world.states.index(state)
    kinds = {CODE[kind]: kind for kind in ("signature", "accession", "refusal")}
    mine = events[(events["subject"] == number) & (events["a"] == i) & np.isin(events["kind"], list(kinds))]
    mine = mine[mine["month"] >= branch_of(world)]
    return {member: [kinds[code] for code in mine["kind"][mine["member"] == member]] for member in range(MEMBERS)}


def share_signing(found):
    return np.mean(["signature" in kinds for kinds in found.values()])


@pytest.fixture(scope="module")
def never():
    return simulated("parameters.accords.reconsider=0", "parameters.accords.accession=0")


@pytest.fixture(scope="module")
def always():
    return simulated("parameters.accords.reconsider=1", "parameters.accords.accession=0")


def test_who_has_declined_is_asked_again_as_often_as_it_reconsiders(never, always):
    # Tajikistan and Turkmenistan left the treaty of 2022 unsigned at three summits
    for state in ("TJK", "TKM"):
        assert share_signing(answers(*never, "friendship-2022", state)) == 0.0
        assert share_signing(answers(*always, "friendship-2022", state)) > 0.2


def test_an_open_text_of_a_channel_without_summits_is_joined_by_accession_alone():
    world, events = simulated("run.branch=2015-01-01", "parameters.accords.accession=0.02")
    for state in ("KAZ", "KGZ"):
        kinds = [kind for found in answers(world, events, "ashgabat-agreement", state).values() for kind in found]
        assert "accession" in kinds and set(kinds) == {"accession"}


def test_whoever_leaves_does_not_walk_back_in(never):
    world, events = never
    left, back = CODE["withdrawal"], [CODE["signature"], CODE["accession"]]
    gone = {(row["member"], row["subject"], row["a"]): row["month"] for row in events[events["kind"] == left]}
    assert gone
    plans = {k for k, accord in enumerate(world.accords) if accord.expires}
    for row in events[np.isin(events["kind"], back)]:
        since = gone.get((row["member"], row["subject"], row["a"]), branch_of(world) + 10**6)
        assert row["month"] <= since or row["subject"] in plans
