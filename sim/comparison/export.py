"""Tables of a run for spreadsheets and statistics packages, with a data dictionary beside them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.outcomes.dictionary import dictionary
from sim.runs import OutputError, Run
from sim.runs.errors import explained

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("xlsx", "csv", "dta")
_SHEET_ROWS = 1_048_576
_STATA_NAME, _STATA_LABEL = 32, 80


def tables_of(run: Run, long: bool) -> Iterator[tuple[str, "pd.DataFrame"]]:
    """(name, frame) of every table, the dictionary first; long and tidy forms beside the wide ones where wanted."""
    import pandas as pd

    names = {table: run.names(table) for table in ("members", "yearly", "monthly", "events")}
    yield "dictionary", pd.DataFrame(dictionary(names))
    members, yearly = run.members.reset_index(), run.yearly
    yield "members", members
    yield "yearly", yearly
    yield "monthly", run.monthly
    yield "events", run.events
    if long:
        yield "members_long", members.melt("member", var_name="outcome", value_name="value")
        yield "yearly_long", yearly.melt(["member", "year"], var_name="series", value_name="value")


def export(run: Run, kind: str, folder: Path, long: bool = False) -> list[Path]:
    """Write every table of a run as one of KINDS into a folder; returns the files.

    A spreadsheet is one file of several sheets; a table of more rows than a sheet holds is left to the other kinds.
    Raises OutputError where the folder cannot be written or a package is missing.
    """
    writers: dict[str, Callable] = {"xlsx": _spreadsheet, "csv": _csv, "dta": _stata}
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return writers[kind](run, folder, long)


def _csv(run: Run, folder: Path, long: bool) -> list[Path]:
    written = []
    for name, frame in tables_of(run, long):
        written.append(folder / f"{name}.csv")
        frame.to_csv(written[-1], index=False)
    return written


def _spreadsheet(run: Run, folder: Path, long: bool) -> list[Path]:
    import pandas as pd

    path = folder / f"{run.name}-{run.key[:8]}.xlsx"
    # texts stay texts: a title that begins with "=" is no formula
    plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}}
    try:
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=plain) as book:
            for name, frame in tables_of(run, long):
                if len(frame) < _SHEET_ROWS:
                    frame.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 1))
    except ImportError as error:
        raise OutputError(
            f"{path}: spreadsheets need the package XlsxWriter ({error}).  --to csv needs none."
        ) from error
    return [path]


def _stata(run: Run, folder: Path, long: bool) -> list[Path]:
    import pandas as pd

    written = []
    for name, frame in tables_of(run, long):
        short = stata_names(list(frame.columns))
        if name == "dictionary":
            known = {table: stata_names(run.names(table)) for table in ("members", "yearly", "monthly", "events")}
            frame = frame.assign(stata_name=[known[t][c] for t, c in zip(frame["table"], frame["column"])]).astype(str)
            short["stata_name"] = "stata_name"
        frame = frame.apply(
            lambda column: column.astype(str) if column.dtype.name in ("category", "object") else column
        )
        frame = frame.apply(lambda column: column.astype("int8") if column.dtype == bool else column)
        if "date" in frame:
            frame["date"] = pd.to_datetime(frame["date"])
        labels = {short[column]: str(column)[:_STATA_LABEL] for column in frame.columns}
        written.append(folder / f"{name}.dta")
        frame.rename(columns=short).to_stata(written[-1], write_index=False, version=118, variable_labels=labels)
    return written


def stata_names(columns: list[str]) -> dict[str, str]:
    """A name of at most 32 letters, digits and underscores for each column, no two alike whatever their case."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        name = re.sub(r"\W", "_", column)
        name = f"_{name}" if name[:1].isdigit() else name
        base, number = name[:_STATA_NAME], 1
        while base.lower() in taken:
            number += 1
            base = f"{name[: _STATA_NAME - len(str(number)) - 1]}_{number}"
        taken.add(base.lower())
        found[column] = base
    return found
