"""The assistant compiles just what the ensemble calls: one version of every phase, with the same types."""

import numba
import pytest

from sim.facts import load_facts
from sim.model import assistant, build_world, simulate_members
from sim.scenario import load_scenario


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_phases_are_compiled_once_with_the_types_of_the_ensemble():
    simulate_members(build_world(load_scenario("baseline"), load_facts()), 0, 1)
    for phase, arguments in assistant._phases():
        kept = phase._cache._cache_file._load_index()  # numba shows what it has on disk nowhere else
        assert [key[0] for key in kept] == [tuple(numba.typeof(argument) for argument in arguments)], phase


def test_no_assistant_where_everything_is_compiled(monkeypatch):
    simulate_members(build_world(load_scenario("baseline"), load_facts()), 0, 1)
    monkeypatch.setattr(assistant.subprocess, "Popen", lambda *_, **__: pytest.fail("called although warm"))
    assistant.call_assistant()


def test_only_one_process_calls_one(monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr(assistant, "is_warm", lambda: False)
    monkeypatch.setattr(assistant, "cache_folder", tmp_path)
    monkeypatch.setattr(assistant.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(assistant.subprocess, "Popen", lambda *_, **__: called.append(1))
    monkeypatch.setattr(assistant.atexit, "register", lambda *_: None)
    assistant.call_assistant()
    assistant.call_assistant()
    assert called == [1]
