"""The values of all parameters in one compact table of docs/model.md.

    python docs/derivations/parameter_table.py

prints the table and puts it into the page.
"""

from pages import MODEL, put_into_page

from sim.facts import load_facts
from sim.model.processes import PROCESSES

LETTER = {"fitted": "f", "fixed": "x", "assumed": "a", "claims-only": "c"}


def table() -> list[str]:
    """A line per family of parameters: its process, and name, value, spread between members and status of each."""
    process_of = {family: process.name for process in PROCESSES for family in process.parameters}
    families: dict[str, list[str]] = {}
    for row in load_facts().parameters:
        family, name = row.name.split(".")
        spread = f" ± {row.spread:g}" if row.spread else ""
        value = row.value if isinstance(row.value, str) else f"{row.value:g}"
        families.setdefault(family, []).append(f"{name} {value}{spread} {LETTER[row.status]}")
    return [
        "| family | process | values |",
        "|---|---|---|",
        *(f"| {family} | {process_of[family]} | {'; '.join(each)} |" for family, each in families.items()),
    ]


if __name__ == "__main__":
    put_into_page(MODEL, "parameters", table())
