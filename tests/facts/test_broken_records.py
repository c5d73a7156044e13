"""Each broken folder of tests/broken/record says what expected.txt says it should, and every message has a folder."""

import ast
from pathlib import Path

import pytest

from sim import facts
from sim.facts import FactsError
from sim.facts.load import load_all
from sim.facts.record import read_record

BROKEN = Path(__file__).parents[1] / "broken" / "record"
CODE = Path(facts.__file__).parent
MODULES = ("record", "record_checks", "reading", "layers", "files", "checks", "river_checks", "trade_checks")
#: Messages that no folder under version control can bring about, or that are not those of a record.
ELSEWHERE = {
    "is not an ordinary file.": "test_user_tables.py, with a pipe",
    "cannot be read: permission denied.": "no file here is forbidden to everybody",
    "cannot be read: ": "what the operating system says",
    "is larger than ": "test_document.py",
    " bytes: not ": "test_document.py",
    "is more than ": "two hundred thousand rows",
    "further lines are not read": "test_loader.py",
    "the table is missing": "of a complete folder",
    "table of rivers, such as ": "of a folder of rivers",
    "the table is missing; a region of its own needs it: ": "of a region of its own",
    " states. Allowed: two or more": "of a region of its own",
    "no reader for a column of type ": "of the program itself",
    " is outside its own range ": "parameters, which no record may hold",
    "' is not a choice. Allowed: ": "parameters, which no record may hold",
}


def expected():
    sections = f"\n{(BROKEN / 'expected.txt').read_text(encoding='utf-8')}".split("\n# ")[1:]
    return {head: "\n".join(lines) for head, *lines in (section.strip().split("\n") for section in sections)}


@pytest.mark.parametrize("case", expected())
def test_a_broken_folder(case, monkeypatch):
    monkeypatch.chdir(BROKEN)
    with pytest.raises(FactsError) as caught:
        load_all(read_record(case))
    assert str(caught.value) == expected()[case]


def test_nothing_expected_of_missing_folders():
    assert {*expected(), "expected.txt"} == {path.name for path in BROKEN.iterdir()} | {"absent"}


def fragments(module):
    """The fixed parts of all texts in functions of a module, of which messages are made."""
    tree = ast.parse((CODE / f"{module}.py").read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        docstring = ast.get_docstring(function, clean=False)
        for node in ast.walk(function):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != docstring:
                if len(node.value.split()) > 1 and "\n" not in node.value:
                    yield node.value


@pytest.mark.parametrize("module", MODULES)
def test_every_message_has_a_folder(module):
    said = "\n".join(expected().values())
    assert [text for text in fragments(module) if text.strip() not in said and text not in ELSEWHERE] == []
