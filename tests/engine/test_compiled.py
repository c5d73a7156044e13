"""Compiled code on disk: processes that share a cache folder do not overwrite each other's files."""

import ast
import os
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core.registry import cpu_target

from sim.engine import code_cache, code_library
from sim.engine.compiled import compiled, compiled_sources

ROOT = Path(__file__).parents[2]


def twice(x):
    return 2 * x


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_files_of_versions_compiled_at_once_are_told_apart(tmp_path):
    kept = code_cache.CodeCache(twice, [tmp_path], tmp_path)
    one, again = compiled(twice), compiled(twice)  # the second stands for another process
    one._cache = again._cache = kept
    assert one(2) == 4 and one(2.5) == 5.0
    assert len(kept.versions()) == 2
    assert again(3) == 6 and again.stats.cache_hits and not again.stats.cache_misses


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_damaged_code_is_compiled_again_and_said(tmp_path, capsys):
    kept = code_cache.CodeCache(twice, [tmp_path], tmp_path)
    first, second = compiled(twice), compiled(twice)
    first._cache = second._cache = kept
    assert first(2) == 4
    (file,) = kept.versions()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert second(2) == 4 and second.stats.cache_misses
    assert f"compiled code in {tmp_path} is damaged" in capsys.readouterr().err
    third = compiled(twice)
    third._cache = code_cache.CodeCache(twice, [tmp_path], None)  # a folder that can be read and not written
    assert third(2) == 4 and third.stats.cache_hits


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_code_from_disk_can_be_linked_with_other_code(tmp_path):
    kept = code_cache.CodeCache(twice, [tmp_path], tmp_path)
    written, found = compiled(twice), compiled(twice)
    written.callee()._cache = found.callee()._cache = kept
    assert numba.njit(lambda x: written(x) + 1)(2) == 5
    assert numba.njit(lambda x: found(x) + 1)(2) == 5
    assert written.callee().stats.cache_misses and found.callee().stats.cache_hits


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_what_compiled_code_calls_has_no_machine_code_and_python_can_call_it_all_the_same():
    inner = compiled(twice)
    assert numba.njit(lambda x: inner(x) + 1)(2) == 5 and not inner.overloads
    (version,) = inner.callee().overloads.values()
    assert version.library.get_pointer_to_function(version.fndesc.llvm_func_name) == 0
    assert inner(2) == 4 and inner.overloads


def last_field(many):
    return many.field_199


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_symbols_do_not_spell_out_records():
    many = np.zeros(1, [(f"field_{k}", float) for k in range(200)]).view(np.recarray)[0]
    reader = compiled(last_field)
    assert reader(many) == 0.0
    (version,) = reader.overloads.values()
    assert len(version.fndesc.mangled_name) < 500


def first_of(pair):
    return pair[0]


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_code_for_a_class_of_the_same_name_is_not_taken_for_ours(tmp_path):
    kept = code_cache.CodeCache(first_of, [tmp_path], tmp_path)
    for value in (1.0, 2.0):  # as in two processes, each with a class of its own
        pair = namedtuple("Pair", ["a", "b"])(value, 0.0)
        dispatcher = compiled(first_of)
        dispatcher._cache = kept
        assert dispatcher(pair) == value
        assert dispatcher.stats.cache_misses and not dispatcher.stats.cache_hits


def square_root(x):
    return np.sqrt(x) + np.cosh(x)  # of the mathematical library


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
@pytest.mark.parametrize(("known", "loads"), [(1, 0), (None, 1)])
def test_ready_code_loads_the_compiler_only_where_it_misses_something(tmp_path, monkeypatch, known, loads):
    written, found = compiled(square_root), compiled(square_root)
    written._cache = found._cache = code_cache.CodeCache(square_root, [tmp_path], tmp_path)
    expected = written(2.0)
    refreshed = []
    monkeypatch.setattr(type(cpu_target.target_context), "refresh", lambda context: refreshed.append(context))
    asked = []
    monkeypatch.setattr(code_library.llvm, "address_of_symbol", lambda name: asked.append(name) or known)
    assert found(2.0) == expected and found.stats.cache_hits
    assert len(refreshed) == loads and asked[0] and not any(name.startswith("llvm.") for name in asked)


SETTINGS = """
import json, numba
before = {name: repr(getattr(numba.config, name)) for name in ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "CACHE_DIR")}
from sim.engine.compiled import compiled
compiled(abs_twice := eval("lambda x: 2 * abs(x)"))(3)
print(before == {name: repr(getattr(numba.config, name)) for name in before})
"""


def in_a_process(script, **environment):
    """What a script prints, with another environment."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")} | environment
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=plain, check=True)
    return done.stdout.splitlines()


def test_numba_settings_of_other_code_are_left_alone():
    assert in_a_process(SETTINGS) == ["True"]


WHERE = """
from sim.engine.compiled import _read_from, cache_folder
print(*_read_from, cache_folder, sep=chr(10))
"""


def test_where_code_is_kept(tmp_path):
    *_, usual = in_a_process(WHERE, XDG_CACHE_HOME=str(tmp_path))
    assert Path(usual).parent == tmp_path / "casim"
    *_, wanted = in_a_process(WHERE, NUMBA_CACHE_DIR=str(tmp_path / "mine"))
    assert Path(wanted).parent == tmp_path / "mine" / "casim"
    # where the user's cache cannot be written it is read all the same, and every start writes to one other place
    (tmp_path / "file").write_text("")
    cannot = {"XDG_CACHE_HOME": str(tmp_path / "file"), "TMPDIR": str(tmp_path)}
    first, second, spare = in_a_process(WHERE, **cannot)
    assert Path(first).is_relative_to(tmp_path / "file") and second == spare and Path(spare).parent.parent == tmp_path
    assert in_a_process(WHERE, **cannot)[-1] == spare


@pytest.mark.skipif(os.name == "nt", reason="owners")
def test_a_spare_folder_that_others_can_write_to_is_not_used(tmp_path):
    (tmp_path / "file").write_text("")
    spare = tmp_path / f"casim-{os.getuid()}"
    spare.mkdir()
    spare.chmod(0o777)
    found = in_a_process(WHERE, XDG_CACHE_HOME=str(tmp_path / "file"), TMPDIR=str(tmp_path))
    assert found[-1] == "None" and len(found) == 2


def taken_from(source: str) -> set[str]:
    """Files of the package from which the compiled functions of a file, or constants that they use, take a name."""
    tree = ast.parse(source)
    imported, constants, used = {}, {}, set()
    for node in tree.body:
        names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
            for alias in node.names:
                imported[alias.asname or alias.name] = (node.module, alias.name)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                constants |= {name.id: names for name in ast.walk(target) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.FunctionDef) and any(
            ast.unparse(mark).startswith("compiled") for mark in node.decorator_list
        ):
            used |= names
    while wider := {name for known in used & constants.keys() for name in constants[known]} - used:
        used |= wider
    found = set()
    for module, name in (imported[name] for name in used & imported.keys()):
        path = ROOT / module.replace(".", "/")
        inner = path / f"{name}.py"
        found.add((inner if inner.exists() else path.with_suffix(".py")).relative_to(ROOT / "sim").as_posix())
    return found


def test_the_cache_is_keyed_by_all_that_can_be_compiled():
    sources = compiled_sources()
    everywhere = {
        file.relative_to(ROOT / "sim").as_posix()
        for file in (ROOT / "sim").rglob("*.py")
        if b"\n@compiled" in file.read_bytes()
    }
    assert everywhere <= sources.keys()
    for name, contents in sources.items():
        if b"@compiled" in contents:
            missing = taken_from(contents.decode()) - sources.keys()
            assert not missing, f"{name} compiles names of {missing}: add them to sim.engine.compiled.CONSTANTS"
    assert "facts/load.py" not in sources and "model/build.py" not in sources, "plain Python compiles nothing anew"
