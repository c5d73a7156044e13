"""Kinds of event: the rows of `event_kinds.csv`, read once, the one list from which all others follow.

`process` carries out a dated event of the kind (empty where nothing does); `subject` is what its subject names;
`documented` kinds may stand in the record, `directed` ones there need an actor and a target; a `friction` is what a
scenario may suppose one state to do to another.
"""

import csv
from pathlib import Path

FILE = Path(__file__).parent / "tables" / "event_kinds.csv"

with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = tuple(csv.DictReader(_file))

ALL = tuple(row["kind"] for row in ROWS)
DOCUMENTED = tuple(row["kind"] for row in ROWS if row["documented"] == "1")
DIRECTED = tuple(row["kind"] for row in ROWS if row["directed"] == "1")
#: kind -> what it means, in a sentence
FRICTIONS = {row["kind"]: row["meaning"] for row in ROWS if row["friction"] == "1"}
