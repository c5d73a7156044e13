"""What is written on the map of the rivers, and where: by hand, as on any map; `map_labels.csv` holds it.

A line without a node is the name of a country at a longitude and latitude; `|` begins a new line of a text.
"""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Label:
    """A text beside a node, moved by points to the right and up; ``flow`` adds the flow below the node."""

    text: str
    right: float
    up: float
    flow: bool = False


def _read() -> tuple[dict[str, tuple[float, float]], dict[str, Label]]:
    countries, texts = {}, {}
    with open(Path(__file__).with_suffix(".csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["node"]:
                text = row["text"].replace("|", "\n")
                texts[row["node"]] = Label(text, float(row["right"]), float(row["up"]), row["flow"] == "1")
            else:
                countries[row["text"]] = float(row["longitude"]), float(row["latitude"])
    return countries, texts


#: Where the name of each country stands (longitude, latitude), and the text beside each node.
STATES_AT, TEXTS_AT = _read()
