"""A run as a notebook shows it: what it is, its open treaties, and where the region stands at the end."""

import math

from sim.html import page, table
from sim.outcomes import levels, prospects

_MOST = 8


def _figure(value: float, decimals: int = 2) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if value == round(value) else f"{value:.{decimals}f}"


def as_html(run) -> str:
    """The few outcomes that an analyst asks for first; reads the members table once."""
    catalogue, manifest, columns = run.catalogue, run.manifest, run.columns()
    found = prospects(catalogue, columns, _MOST)
    tables = []
    if found:
        years = sorted(found[0].by)
        rows = [(each.title, *(str(each.by[year]) for year in years), _figure(each.when.median, 1)) for each in found]
        tables.append(table(("treaties still open", *(f"by end of {year}" for year in years), "half by"), rows))
    rows = [
        (
            each.title,
            _figure(each.summary.median),
            *(f"{_figure(low)} to {_figure(high)}" for low, high in (each.summary.bands[80], each.summary.bands[95])),
        )
        for each in levels(catalogue, columns)
    ]
    if rows:
        tables.append(table((f"at the end of {catalogue.end // 12}", "median", "80 %", "95 %"), rows))
    branch = f"{catalogue.branch // 12}-{catalogue.branch % 12 + 1:02d}"
    lines = [
        f"{manifest['members']} members, seed {manifest['seed']}, simulated from {branch} to "
        f"{catalogue.end // 12}; tables in {run.path}"
    ]
    if manifest["failed"]:
        lines.append(f"{len(manifest['failed'])} members failed and are left out")
    return page(manifest["title"], lines, *tables)
