"""Claims as files: what is said, where, the experiment that puts it to the test, and what it would have to show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, suggestion
from sim.facts.reading import is_finite_number
from sim.outcomes.catalogue import shipped_region
from sim.scenario.toml import read_document
from sim.studies.arms import Arm, read_arm
from sim.studies.expression import Expression, ExpressionError, parse
from sim.studies.verdict import EXPECTED
from sim.words import listed, named

LAYERS = {
    "core": f"The core: {listed(named(shipped_region().axis).split('–'))}",
    "ladder": "Bilateral treaties",
    "accords": "Accords of the five",
    "region": "The regional process and its institutions",
    "borders": "Borders and conflict",
    "powers": "Outside powers",
    "trade": "Trade and gains",
    "water": "Water and energy",
    "society": "Leaders and societies",
}
_KEYS = (
    "number",
    "title",
    "layer",
    "source",
    "says",
    "note",
    "parameters",
    "extends",
    "run",
    "arms",
    "placebos",
    "tests",
)
_TEST_KEYS = ("metric", "what", "arm", "against", "bound", "expected", "matters", "unit")


@dataclass(frozen=True)
class Test:
    """One comparison of a claim.

    The metric of ``arm`` less that of ``against``, or less ``bound`` where a level is claimed; ``expected`` says on
    which side of zero, ``matters`` by how much at least, in ``unit`` (empty for a probability).
    """

    metric: Expression
    what: str
    arm: str
    against: str | None
    bound: float
    expected: str
    matters: float
    unit: str
    line: int


@dataclass(frozen=True)
class Claim:
    """A claim: who says it, the arms and placebos that it is tried with, and the tests that decide."""

    id: str
    number: int | None
    title: str
    layer: str
    source: tuple[str, ...]
    says: str
    note: str
    parameters: tuple[str, ...]
    arms: Mapping[str, Arm]
    placebos: Mapping[str, Arm]
    tests: tuple[Test, ...]
    document: Any


def shipped_claims() -> dict[str, Path]:
    """The claims that ship, by id."""
    from sim.scenario.load import shipped_folder

    return {path.stem: path for path in sorted((shipped_folder() / "claims").glob("*.toml"))}


def find_claims(wanted: Sequence[str]) -> list[Path]:
    """Files of claims by id, number or path; all that ship where nothing is wanted.

    Raises ScenarioError that names what is not a claim, and the nearest one.
    """
    known = shipped_claims()
    if not wanted:
        return list(known.values())
    numbers = {name.split("-")[0].lstrip("0"): name for name in known}
    found, problems = [], []
    for text in wanted:
        if text.endswith(".toml"):
            found.append(Path(text))
        elif (name := numbers.get(text.lstrip("0"), text)) in known:
            found.append(known[name])
        else:
            problems.append(Problem(text, 0, "is not a claim that ships, nor a file." + suggestion(text, known, 40)))
    if problems:
        raise ScenarioError(problems)
    return list(dict.fromkeys(found))


def read_claims(paths: Sequence[Path], folder: Path, facts: Any) -> list[Claim]:
    """Read claims; the scenario files of their arms are written to a folder.

    Raises ScenarioError with everything that is wrong in any of them.
    """
    claims, problems = [], []
    for path in paths:
        try:
            claims.append(_read(path, folder, facts))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return sorted(claims, key=lambda claim: (list(LAYERS).index(claim.layer), claim.number or 10**6, claim.id))


def _read(path: Path, folder: Path, facts: Any) -> Claim:
    document = read_document(path)
    values, problems = document.values, []
    problems += [
        document.problem((key,), f"{key} is not a key of a claim." + suggestion(key, _KEYS))
        for key in values
        if key not in _KEYS
    ]
    for key in ("title", "layer", "says"):
        if not isinstance(values.get(key), str) or not values[key].strip():
            problems.append(document.problem((key,) if key in values else (), f"a claim needs a text {key}."))
    if isinstance(values.get("layer"), str) and values["layer"] not in LAYERS:
        problems.append(
            document.problem(
                ("layer",), f"layer {values['layer']!r} is not known." + suggestion(values["layer"], LAYERS)
            )
        )
    source = values.get("source", [])
    if not isinstance(source, list) or not source or not all(isinstance(each, str) for each in source):
        problems.append(
            document.problem(
                ("source",) if "source" in values else (),
                "a claim needs source, a list of texts that say where it is made.",
            )
        )
    if not isinstance(values.get("number", 1), int):
        problems.append(document.problem(("number",), "number must be a whole number."))
    switched = values.get("parameters", [])
    problems += _check_parameters(document, switched, facts)
    arms, faults = _read_arms(document, folder)
    problems += faults
    tests, faults = _read_tests(document, arms)
    problems += faults
    if problems:
        raise ScenarioError(problems)
    placebos = {name: arm for (section, name), arm in arms.items() if section == "placebos"}
    ours = {name: arm for (section, name), arm in arms.items() if section == "arms"}
    return Claim(
        document.name,
        values.get("number"),
        values["title"].strip(),
        values["layer"],
        tuple(source),
        " ".join(values["says"].split()),
        " ".join(str(values.get("note", "")).split()),
        tuple(switched),
        ours,
        placebos,
        tests,
        document,
    )


def _check_parameters(document, switched: Any, facts) -> list[Problem]:
    off = [row.name for row in facts.parameters if row.status == "claims-only"]
    if not isinstance(switched, list):
        return [document.problem(("parameters",), "parameters must list names of parameters that only claims use.")]
    return [
        document.problem(
            ("parameters", place), f"{name} is not a parameter that only claims use." + suggestion(name, off, 20)
        )
        for place, name in enumerate(switched)
        if name not in off
    ]


def _read_arms(document, folder: Path) -> tuple[dict[tuple[str, str], Arm], list[Problem]]:
    values, found, problems = document.values, {}, []
    common = {key: values[key] for key in ("extends", "run") if key in values}
    for section in ("arms", "placebos"):
        tables = values.get(section, {})
        if not isinstance(tables, Mapping) or (section == "arms" and not tables):
            problems.append(
                document.problem((section,) if section in values else (), f"a claim needs tables [{section}.NAME].")
            )
            continue
        for name, table in tables.items():
            arm, faults = read_arm(name, table, (section, name), common, document, folder)
            problems += faults
            if arm is not None:
                found[section, name] = arm
    return found, problems


def _read_tests(document, arms) -> tuple[tuple[Test, ...], list[Problem]]:
    tables = document.values.get("tests")
    if not isinstance(tables, list) or not tables or not all(isinstance(each, Mapping) for each in tables):
        return (), [
            document.problem(
                ("tests",) if tables is not None else (),
                "a claim needs [[tests]], each with a metric, an arm and what is expected.",
            )
        ]
    found, problems = [], []
    for place, table in enumerate(tables):
        test, faults = _read_test(document, place, table, arms)
        problems += faults
        if test is not None and not faults:
            found.append(test)
            problems += _same_arms(document, place, test, arms)
    return tuple(found), problems


def _read_test(document, place: int, table: Mapping, arms) -> tuple[Test | None, list[Problem]]:
    at, ours = ("tests", place), [name for section, name in arms if section == "arms"]
    written = list(document.values.get("arms", {})) if isinstance(document.values.get("arms"), Mapping) else ours
    metric, problems = _read_metric(table)
    problems = [document.problem((*at, *key), text) for key, text in (*problems, *_test_faults(table, written))]
    if metric is None or problems:
        return None, problems
    return (
        Test(
            metric,
            str(table.get("what", metric.text)),
            table["arm"],
            table.get("against"),
            float(table.get("bound", 0.0)),
            table["expected"],
            float(table.get("matters", 0.0)),
            str(table.get("unit", "")),
            document.origin(at).line,
        ),
        [],
    )


def _read_metric(table: Mapping) -> tuple[Expression | None, list[tuple[tuple[str, ...], str]]]:
    if "metric" not in table:
        return None, [((), "a test needs a metric: what is asked of each member.")]
    try:
        return parse(table["metric"]), []
    except ExpressionError as error:
        return None, [(("metric",), f"metric {error}")]


def _test_faults(table: Mapping, arms: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with a test but for its metric: the key at fault, if it is there, and the message."""
    for key in table:
        if key not in _TEST_KEYS:
            yield (key,), f"{key} is not a key of a test." + suggestion(key, _TEST_KEYS)
    for key in ("arm", "against"):
        if (key == "arm" or key in table) and table.get(key) not in arms:
            said = f"{key} {table[key]!r} is not an arm of this claim." if key in table else "a test needs an arm."
            yield (key,) if key in table else (), said + suggestion(table.get(key), arms)
    if table.get("expected") not in EXPECTED:
        where = ("expected",) if "expected" in table else ()
        yield where, f"a test needs expected, one of: {', '.join(EXPECTED)}."
    for key in ("matters", "bound"):
        value = table.get(key, 0)
        if not is_finite_number(value) or (key == "matters" and value < 0):
            yield (key,), f"{key} must be a number{', zero or more' if key == 'matters' else ''}."
    if ("against" in table) == ("bound" in table):
        yield (), "a test needs either against, an arm, or bound, a number."
    if table.get("expected") in ("same", "not-higher", "not-lower") and not table.get("matters"):
        yield (), f"expected {table['expected']!r} needs matters: the smallest difference that would count."


def _same_arms(document, place: int, test: Test, arms) -> list[Problem]:
    """An intervention that equals what it is compared with, or a placebo that equals the intervention."""
    ours = arms.get(("arms", test.arm))
    problems = []
    other = arms.get(("arms", test.against)) if test.against else None
    if ours and other and ours.scenario.resolved() == other.scenario.resolved():
        problems.append(
            document.problem(("tests", place), f"the arms {test.arm} and {test.against} are the same scenario.")
        )
    for (section, name), placebo in arms.items():
        if section == "placebos" and ours and placebo.scenario.resolved() == ours.scenario.resolved():
            problems.append(
                document.problem((section, name), f"the placebo {name} is the same scenario as the arm {test.arm}.")
            )
    return problems
