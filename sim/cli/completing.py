"""What the shell offers when a user presses the tab key; nothing heavy is imported and nothing fails."""

import json
from collections.abc import Iterator
from pathlib import Path


def complete_scenarios(incomplete: str) -> Iterator[str]:
    """Names of scenarios that ship, and scenario files of this folder."""
    here = Path(__file__).parents[1]
    names = [path.stem for folder in (here / "scenarios", here.parent / "scenarios") for path in folder.glob("*.toml")]
    files = [path.name for path in Path().glob("*.toml")]
    return (name for name in [*sorted(names), *sorted(files)] if name.startswith(incomplete))


def complete_runs(incomplete: str) -> Iterator[str]:
    """Scenarios that were run into the folder ``results``, and the run folders themselves."""
    names: set[str] = set()
    for manifest in Path("results").glob("*/manifest.json"):
        names.add(str(manifest.parent))
        try:
            names.add(str(json.loads(manifest.read_text("utf-8"))["scenario"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return (name for name in sorted(names) if name.startswith(incomplete))
