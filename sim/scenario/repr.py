"""A scenario as a notebook shows it: its title, and every value that it sets itself."""

from pathlib import Path

from sim.html import page, table


def as_html(scenario) -> str:
    """Values that differ from what the scenario extends, with their unit and where they are set."""
    from sim.scenario.explaining import explain

    rows = [
        (row.key, str(row.value), row.unit or "", f"{Path(row.file).name}:{row.line}")
        for row in explain(scenario)
        if row.changed_from_parent
    ]
    said = [" ".join(scenario.description.split())] if scenario.description else []
    run = scenario.run
    said.append(f"{run.members} members, seed {run.seed}, {run.start} to {run.end}, simulated from {run.branch}")
    return page(scenario.title, said, *([table(("set here", "value", "unit", "where"), rows)] if rows else []))
