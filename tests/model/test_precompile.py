"""The assistant compiles just what the ensemble calls: every phase with the same types."""

import os

import numba
import pytest
from numba.core.registry import cpu_target

from sim.engine.workers import WorkerLost
from sim.facts import load_facts
from sim.model import build_world, precompile, simulate_members
from sim.scenario import load_scenario


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_phases_are_compiled_with_the_types_of_the_ensemble():
    simulate_members(build_world(load_scenario("baseline"), load_facts()), 0, 1)
    for phase, arguments in precompile._phases():
        types = tuple(numba.typeof(argument) for argument in arguments)
        kept = phase.callee()._cache
        expected = kept.file_name(types, cpu_target.target_context.codegen())
        # a region of its own has versions of its own: its sizes are part of the types
        assert expected in [path.name for path in kept.versions()], phase


def test_no_assistant_where_everything_is_compiled(monkeypatch):
    simulate_members(build_world(load_scenario("baseline"), load_facts()), 0, 1)
    monkeypatch.setattr(precompile, "Worker", lambda *_, **__: pytest.fail("called although warm"))
    precompile.call_assistant()


def test_only_one_process_calls_one(monkeypatch, tmp_path):
    called = []

    class Nobody:
        def __init__(self, quiet):
            called.append(quiet)

        def call(self, *_):
            raise WorkerLost

        def close(self):
            pass

    monkeypatch.setattr(precompile, "is_warm", lambda: False)
    monkeypatch.setattr(precompile, "cache_folder", tmp_path)
    monkeypatch.setattr(precompile.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(precompile, "Worker", Nobody)
    precompile.call_assistant()
    precompile.call_assistant()
    assert called == [True]
    os.close(precompile._held.pop())  # as when that process ends, however it does
    precompile.call_assistant()
    assert called == [True, True]
