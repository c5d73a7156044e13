"""The scenarios of a batch, read and checked before anything runs."""

import glob
import os
from collections.abc import Sequence


def load_all(given: Sequence[str], settings: Sequence[str], record: os.PathLike | None = None) -> list:
    """Every scenario that the user names.  ScenarioError with all problems of all files if there are any.

    Patterns such as ``scenarios/*.toml`` are resolved here where the shell did not.
    """
    from sim.scenario import ScenarioError, load_scenario

    loaded, problems = [], []
    for name in _files(given):
        try:
            loaded.append(load_scenario(name, settings, record=record))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return loaded


def _files(given: Sequence[str]) -> list[str]:
    found = []
    for name in given:
        matched = sorted(glob.glob(name)) if glob.has_magic(name) and not os.path.exists(name) else []
        found += matched or [name]
    return found
