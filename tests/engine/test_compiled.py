"""Compiled code on disk: processes that share a cache folder do not overwrite each other's files."""

import ast
from pathlib import Path

import numba
import pytest

from sim.engine.compiled import compiled, compiled_sources

ROOT = Path(__file__).parents[2]


def twice(x):
    return 2 * x


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_files_of_versions_compiled_at_once_are_told_apart():
    # each stands for a process; the second does not see the index of the first when it chooses a name
    first, second = compiled(twice), compiled(twice)
    names = [each._cache._cache_file._data_name(1) for each in (first, second)]
    assert len(set(names)) == 2 and all(name.endswith(".nbc") for name in names)
    assert first(2) == 4 and second(2.5) == 5.0


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
    for name, contents in sources.items():
        if b"@compiled" in contents:
            missing = taken_from(contents.decode()) - sources.keys()
            assert not missing, f"{name} compiles names of {missing}: add them to sim.engine.compiled.CONSTANTS"
    assert "facts/load.py" not in sources and "model/build.py" not in sources, "plain Python compiles nothing anew"
