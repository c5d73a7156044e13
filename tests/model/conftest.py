"""Worlds and blocks that several tests of the model share."""

import pytest

from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario


@pytest.fixture(scope="session")
def world_of():
    """A function from a scenario's name (and settings) to its world; each is built once."""
    known = {}

    def build(name="baseline", *settings):
        if (name, settings) not in known:
            known[name, settings] = build_world(load_scenario(name, settings), load_facts())
        return known[name, settings]

    return build


@pytest.fixture(scope="session")
def block_of(world_of):
    """A function from a scenario's name, settings and size to the block of its first members."""
    known = {}

    def simulate(name="baseline", *settings, members=24, keep_terms=False):
        key = (name, settings, members, keep_terms)
        if key not in known:
            known[key] = simulate_members(world_of(name, *settings), 0, members, keep_terms)
        return known[key]

    return simulate


@pytest.fixture(scope="session")
def events_of(world_of, block_of):
    """A function that picks simulated events of a kind from the block of a scenario."""

    def pick(kind, name="baseline", *settings, members=24):
        events = block_of(name, *settings, members=members).events
        return events[events["kind"] == world_of(name, *settings).event_kinds.index(kind)]

    return pick


@pytest.fixture
def scenario_file(tmp_path):
    """A function that writes a scenario file and returns its path."""

    def write(text, name="mine"):
        path = tmp_path / f"{name}.toml"
        path.write_text(text)
        return str(path)

    return write
