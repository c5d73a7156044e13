"""Checks between tables: names must exist, shares must sum to one, spells must not end before they begin."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from sim.facts.errors import FactsProblem
from sim.facts.rows import DIRECTED_KINDS, ISSUES

FIRST_LINE = 2
CONTENT_TOLERANCE = 1e-6
BILATERAL_KINDS = ("rung", "declaration", "upgrade", "council", "clash", "settlement", "opening")
SUBJECTS = {
    "rung": "rungs",
    "upgrade": "rungs",
    "signature": "accords",
    "refusal": "accords",
    "accession": "accords",
    "withdrawal": "accords",
    "summit": "formats",
    "format-ends": "formats",
    "ratification": "rungs or accords",
    "in-force": "rungs or accords",
}


def cross_check(tables: dict[str, tuple]) -> list[FactsProblem]:
    """All problems between the tables; empty if there is none."""
    known = {
        "states": [row.id for row in tables["states"]],
        "powers": [row.id for row in tables["powers"]],
        "rungs": [row.id for row in tables["rungs"]],
        "accords": [row.id for row in tables["accords"]],
        "formats": [row.id for row in tables["formats"]],
    }
    known["rungs or accords"] = known["rungs"] + known["accords"]
    problems: list[FactsProblem] = []
    for check in (_references, _unique, _content, _spells, _events, _accords, _weights, _choices):
        problems += check(tables, known)
    return problems


def _each(table: str, rows: Iterable, column: str, fault: Callable) -> list[FactsProblem]:
    """A problem for every row for which `fault(row)` gives a message."""
    found = []
    for line, row in enumerate(rows, start=FIRST_LINE):
        message = fault(row)
        if message:
            found.append(FactsProblem(f"{table}.csv", line, column, message))
    return found


def _unknown(names: Iterable[str], allowed: list[str], what: str) -> str | None:
    wrong = [name for name in names if name and name not in allowed]
    return f"{', '.join(wrong)}: not a known {what}. Allowed: {', '.join(allowed)}" if wrong else None


def _references(tables: dict, known: dict) -> list[FactsProblem]:
    columns = {
        "states": {
            "leaders": ["state"],
            "borders": ["state_a", "state_b"],
            "accords": ["parties"],
            "formats": ["parties"],
            "events": ["parties", "actor", "target"],
            "dependence": ["state"],
            "capacity": ["state"],
            "issue_weights": ["state"],
        },
        "powers": {"formats": ["power"], "dependence": ["power"], "group_share": ["power"]},
        "formats": {"accords": ["format"]},
    }
    problems = []
    for target, places in columns.items():
        for table, names in places.items():
            for column in names:

                def fault(row, column=column, target=target):
                    value = getattr(row, column)
                    return _unknown((value,) if isinstance(value, str) else value, known[target], target[:-1])

                problems += _each(table, tables[table], column, fault)
    return problems


def _unique(tables: dict, known: dict) -> list[FactsProblem]:
    keys = {
        "states": ["id"],
        "borders": ["state_a", "state_b"],
        "rungs": ["id"],
        "accords": ["id"],
        "formats": ["id"],
        "events": ["id"],
        "event_weights": ["kind"],
        "powers": ["id"],
        "dependence": ["state", "power", "year"],
        "group_share": ["power", "since"],
        "shocks": ["id"],
        "capacity": ["state", "year"],
        "issue_weights": ["state", "issue"],
        "parameters": ["name"],
    }
    problems = []
    for table, columns in keys.items():
        keys_found = [tuple(getattr(row, column) for column in columns) for row in tables[table]]
        counts = Counter(keys_found)
        for line, found in enumerate(keys_found, start=FIRST_LINE):
            if counts[found] > 1:
                problems.append(FactsProblem(f"{table}.csv", line, columns[0], "given more than once"))
    return problems


def _content(tables: dict, known: dict) -> list[FactsProblem]:
    def fault(row):
        total = sum(row.content)
        return None if abs(total - 1) <= CONTENT_TOLERANCE else f"issue shares sum to {total:g}. Allowed: 1"

    return _each("rungs", tables["rungs"], "trade", fault) + _each("accords", tables["accords"], "trade", fault)


def _spells(tables: dict, known: dict) -> list[FactsProblem]:
    return _each("shocks", tables["shocks"], "until", lambda row: "is before since" if row.until < row.since else None)


def _events(tables: dict, known: dict) -> list[FactsProblem]:
    def subject(row):
        kind = SUBJECTS.get(row.kind)
        if kind is None:
            return None
        return _unknown([row.subject], known[kind], kind) if row.subject else f"may not be empty for {row.kind}"

    def directed(row):
        if row.kind in DIRECTED_KINDS and (not row.actor or not row.target or row.actor == row.target):
            return f"a {row.kind} needs an actor and a different target"
        outside = [name for name in (row.actor, row.target) if name and name not in row.parties]
        return f"{', '.join(outside)} must be among the parties" if outside else None

    def dyad(row):
        if row.kind in BILATERAL_KINDS and len(row.parties) != 2:
            return f"a {row.kind} concerns two states"
        return None

    def value(row):
        if row.kind == "clash" and row.value not in (0.0, 1.0):
            return "a clash is 1 (deadly or militarised) or 0"
        if row.kind == "settlement" and not (row.value is not None and 0 < row.value <= 1):
            return "a settlement gives the cumulative share settled, above 0 to 1"
        return None

    eligible = {accord.id: accord.parties for accord in tables["accords"]}

    def outsider(row):
        may = eligible.get(row.subject)
        if row.kind not in ("signature", "refusal", "accession") or may is None:
            return None
        wrong = [state for state in row.parties if state not in may]
        return f"{', '.join(wrong)} may not sign {row.subject}. Allowed: {', '.join(may)}" if wrong else None

    def unexplained(row):
        return None if row.used or row.note else "an unused row must say why"

    faults = [
        ("subject", subject),
        ("actor", directed),
        ("parties", dyad),
        ("value", value),
        ("parties", outsider),
        ("note", unexplained),
    ]
    return [problem for column, fault in faults for problem in _each("events", tables["events"], column, fault)]


def _accords(tables: dict, known: dict) -> list[FactsProblem]:
    def fault(row):
        return f"{row.minimum} is more than the parties" if row.minimum > len(row.parties) else None

    return _each("accords", tables["accords"], "minimum", fault)


def _weights(tables: dict, known: dict) -> list[FactsProblem]:
    sums: dict[str, float] = defaultdict(float)
    issues: dict[str, set] = defaultdict(set)
    for row in tables["issue_weights"]:
        sums[row.state] += row.weight
        issues[row.state].add(row.issue)
    problems = []
    for state in known["states"]:
        missing = [issue for issue in ISSUES if issue not in issues[state]]
        if missing:
            problems.append(FactsProblem("issue_weights.csv", 0, "issue", f"{state} lacks {', '.join(missing)}"))
        elif abs(sums[state] - 1) > CONTENT_TOLERANCE:
            message = f"weights of {state} sum to {sums[state]:g}. Allowed: 1"
            problems.append(FactsProblem("issue_weights.csv", 0, "weight", message))
    return problems


def _choices(tables: dict, known: dict) -> list[FactsProblem]:
    def fault(row):
        if row.unit == "choice":
            return None if row.value in row.choices else f"'{row.value}' is not a choice. Allowed: {row.prior}"
        if isinstance(row.value, str):
            return f"'{row.value}' is not a number"
        low, high = row.lower, row.upper
        if (low is not None and row.value < low) or (high is not None and row.value > high):
            return f"{row.value:g} is outside its own range {low} to {high}"
        return None

    return _each("parameters", tables["parameters"], "value", fault)
