"""The data dictionary: what every column of every table of a run means, generated from the metrics."""

from collections.abc import Iterable, Mapping

from sim.outcomes.metric import MONTHLY, OUTCOMES, YEARLY, Metric, describe, title_of

#: Columns of a row of the dictionary.
FIELDS = ("table", "column", "title", "unit", "lowest", "highest", "chapter", "process", "meaning", "reading")

#: Columns that are no metrics, by table: unit and meaning.
_PLAIN = {
    "members": {"member": ("", "Number of the history; equal numbers meet equal random numbers in every run.")},
    "yearly": {
        "member": ("", "Number of the history."),
        "year": ("year", "Calendar year; values are those of 31 December, or of the year where the unit is a year's."),
    },
    "monthly": {
        "series": ("", "Name of a monthly series."),
        "month": ("month", "Absolute month: year times 12 plus calendar month less 1."),
        "year": ("year", "The same as a year fraction, at the beginning of the month."),
        "mean": ("of the series", "Mean over members."),
        "members": ("", "Members that the quantiles are over."),
    },
    "events": {
        "member": ("", "Number of the history; -1 for events of record and scenario, which belong to all."),
        "month": ("month", "Absolute month: year times 12 plus calendar month less 1."),
        "date": ("date", "First of the month."),
        "kind": ("", "Kind of event."),
        "a": ("", "State that acts, signs or is downstream."),
        "b": ("", "The other state, if there is one."),
        "instrument": ("", "Rung, accord, format, outside power or link concerned."),
        "value": ("by kind", "Settled share, intensity, whether deadly, or another figure of the kind."),
        "documented": ("", "Whether the event is of the record."),
        "origin": ("", "documented, scenario or simulated."),
    },
}
_QUANTILE = "Quantile over members of the value of the series in the month."
_EMPTY = "Empty means never, or not known; readers see null."


def families() -> dict[str, tuple[Metric, ...]]:
    """Every metric by table."""
    return {"members": OUTCOMES, "yearly": YEARLY, "monthly": MONTHLY}


def _plain(table: str, column: str) -> dict[str, object]:
    unit, meaning = _PLAIN.get(table, {}).get(column, ("of the series", _QUANTILE if column[:1] == "q" else ""))
    return {**dict.fromkeys(FIELDS, ""), "table": table, "column": column, "unit": unit, "meaning": meaning}


def row_of(table: str, column: str) -> dict[str, object]:
    """One row of the dictionary, by FIELDS; a column that nothing defines has empty cells."""
    try:
        metric = describe(column) if table in ("members", "yearly") and column not in _PLAIN[table] else None
    except KeyError:
        metric = None
    if metric is None:
        return _plain(table, column)
    return {
        "table": table,
        "column": column,
        "title": title_of(column),
        "unit": "year fraction" if metric.unit == "year" else metric.unit,
        "lowest": "" if metric.lower is None else metric.lower,
        "highest": "" if metric.upper is None else metric.upper,
        "chapter": metric.chapter,
        "process": metric.process,
        "meaning": metric.meaning,
        "reading": metric.reading,
    }


def dictionary(tables: Mapping[str, Iterable[str]]) -> list[dict[str, object]]:
    """A row for every column of some tables."""
    return [row_of(table, column) for table, columns in tables.items() for column in columns]


def as_markdown() -> str:
    """Every family of columns as the tables of a page of the docs."""
    lines = []
    for table, metrics in families().items():
        lines += ["", f"## {table}.parquet", ""]
        for column, (unit, meaning) in _PLAIN[table].items():
            lines.append(f"* `{column}`{f' ({unit})' if unit else ''}: {meaning}")
        if table == "monthly":
            lines.append(f"* `q2.5` to `q97.5`: {_QUANTILE}")
        lines += ["", "| column | unit | range | process | meaning | how to read it |", "|---" * 6 + "|"]
        for metric in metrics:
            ends = [f"{end:g}" if end is not None else "" for end in (metric.lower, metric.upper)]
            unit = "year fraction" if metric.unit == "year" else metric.unit
            span = " to ".join(ends) if any(ends) else ""
            cells = (f"`{metric.name}`", unit, span, metric.process, metric.meaning, metric.reading)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += ["", "## events.parquet", ""]
    lines += [
        f"* `{column}`{f' ({unit})' if unit else ''}: {meaning}" for column, (unit, meaning) in _PLAIN["events"].items()
    ]
    return "\n".join(["", _EMPTY, *lines, ""])
