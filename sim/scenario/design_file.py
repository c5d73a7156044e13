"""Points of a design from a CSV file beside the scenario: a header of dotted keys, a point in each further row."""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

from sim.errors import Origin, Problem, ScenarioError, printable
from sim.facts.files import exists, label_of, path_inside
from sim.scenario.design import MOST_POINTS
from sim.scenario.document import Document, read_text


def points_file(document: Document, name: Any, problem) -> Path:
    """The file that `file = name` means.  `problem` makes an error from a sentence; ScenarioError if there is none."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise ScenarioError([problem("file must be the name of a CSV file beside this one, in quotes.")])
    path = path_inside(Path(document.path).parent, name)
    if path is None:
        raise ScenarioError(
            [problem(f'file = "{printable(name)}" must be a path inside the folder of this file, written with /.')]
        )
    if not exists(path):
        raise ScenarioError([problem(f'file = "{printable(name)}" does not exist.')])
    return path


def read_points(path: Path) -> tuple[list[str], Origin, list[tuple[Origin, list[Any]]]]:
    """Keys with the origin of the header, and the rows with theirs.  ScenarioError if the file has not this form."""
    label = label_of(path)
    reader = csv.reader(io.StringIO(read_text(path, label, "a file of points"), newline=""), strict=True)
    rows, problems, keys, header = [], [], [], Origin(label, 1)
    try:
        for cells in reader:
            origin = Origin(label, reader.line_num)
            if not any(cell.strip() for cell in cells):
                continue
            if not keys:
                keys, header = [cell.strip() for cell in cells], origin
            elif len(cells) != len(keys):
                text = f"has {len(cells)} values where the header has {len(keys)} keys."
                problems.append(Problem(label, origin.line, text))
            elif len(rows) == MOST_POINTS:
                problems.append(Problem(label, origin.line, f"is more than {MOST_POINTS:,} points."))
                break
            else:
                rows.append((origin, [_value(cell.strip()) for cell in cells]))
    except csv.Error as error:
        problems.append(Problem(label, reader.line_num, f"is not CSV: {printable(error)}."))
    if not keys:
        problems.append(Problem(label, 0, "holds no header of keys."))
    elif not rows and not problems:
        problems.append(Problem(label, 0, "holds no points below its header."))
    problems += _header_problems(keys, header)
    if problems:
        raise ScenarioError(problems)
    return keys, header, rows


def _header_problems(keys: list[str], header: Origin) -> list[Problem]:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    texts = [f"has the column {printable(key) or 'without a name'} twice." for key in twice]
    if "" in keys and "" not in twice:
        texts.append("has a column without a name.")
    return [Problem(header.file, header.line, text) for text in texts]


def _value(cell: str) -> Any:
    """A cell as TOML, or as a bare word when it is none."""
    try:
        read = tomllib.loads(f"value = {cell}")
    except (ValueError, RecursionError):
        return cell
    return read["value"] if read.keys() == {"value"} else cell
