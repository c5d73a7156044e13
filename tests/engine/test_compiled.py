"""Compiled code on disk: processes that share a cache folder do not overwrite each other's files."""

import numba
import pytest

from sim.engine.compiled import compiled


def twice(x):
    return 2 * x


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_files_of_versions_compiled_at_once_are_told_apart():
    # each stands for a process; the second does not see the index of the first when it chooses a name
    first, second = compiled(twice), compiled(twice)
    names = [each._cache._cache_file._data_name(1) for each in (first, second)]
    assert len(set(names)) == 2 and all(name.endswith(".nbc") for name in names)
    assert first(2) == 4 and second(2.5) == 5.0
