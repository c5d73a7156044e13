"""The assistant compiles just what the ensemble calls: one version of every phase, with the same types."""

import numba
import pytest

from sim.facts import load_facts
from sim.model import build_world, precompile, simulate_members
from sim.scenario import load_scenario


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_phases_are_compiled_once_with_the_types_of_the_ensemble():
    simulate_members(build_world(load_scenario("baseline"), load_facts()), 0, 1)
    for phase, arguments in precompile._phases():
        kept = phase._cache._cache_file._load_index()  # numba shows what it has on disk nowhere else
        assert [key[0] for key in kept] == [tuple(numba.typeof(argument) for argument in arguments)], phase


def test_no_assistant_where_everything_is_compiled(monkeypatch):
    simulate_members(build_world(load_scenario("baseline"), load_facts()), 0, 1)
    monkeypatch.setattr(precompile.subprocess, "Popen", lambda *_, **__: pytest.fail("called although warm"))
    precompile.call_assistant()


def test_only_one_process_calls_one(monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr(precompile, "is_warm", lambda: False)
    monkeypatch.setattr(precompile, "cache_folder", tmp_path)
    monkeypatch.setattr(precompile.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(precompile.subprocess, "Popen", lambda *_, **__: called.append(1))
    monkeypatch.setattr(precompile.atexit, "register", lambda *_: None)
    precompile.call_assistant()
    precompile.call_assistant()
    assert called == [1]
