"""Rules of the house, over the syntax tree of every file: nothing grows too long or takes too much by hand."""

import ast
import re
from pathlib import Path

SIM = Path(__file__).parents[1] / "sim"
FILES = sorted(SIM.rglob("*.py"))
MOST_ARGUMENTS, MOST_LINES, MOST_LINES_OF_A_FILE = 8, 50, 400


def functions():
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{file.relative_to(SIM)}:{node.lineno} {node.name}", node


def decorators(node):
    return {ast.unparse(one).split("(")[0] for one in node.decorator_list}


def n_arguments(node):
    given = node.args
    return len(given.posonlyargs + given.args + given.kwonlyargs)


def code_lines(node):
    """Lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return node.end_lineno - body[0].lineno + 1 if body else 0


def test_no_function_takes_more_than_eight_arguments():
    """A compiled kernel may take more if its docstring says in groups what they are."""
    for where, node in functions():
        if n_arguments(node) > MOST_ARGUMENTS:
            assert "compiled" in decorators(node) and "Parameters\n" in (ast.get_docstring(node) or ""), where


def test_no_function_is_longer_than_fifty_lines():
    assert [where for where, node in functions() if code_lines(node) > MOST_LINES] == []


def test_no_file_is_longer_than_four_hundred_lines():
    lengths = {str(file.relative_to(SIM)): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {file: length for file, length in lengths.items() if length > MOST_LINES_OF_A_FILE} == {}


def test_public_functions_say_what_they_do():
    """So do methods of public classes that are longer than a few lines, and functions within functions."""
    silent = [
        where
        for where, node in functions()
        if not node.name.startswith("_") and not ast.get_docstring(node) and node.end_lineno - node.lineno > 8
    ]
    assert silent == []


WORDS = re.compile(r"\b(luck|lives through|lived through|strife|restless|let go from|is told)\b", re.IGNORECASE)


def test_plain_words():
    """Random draws, simulates, conflict, conflict-prone, initialised in, is reported."""
    root = SIM.parent
    texts = [
        *FILES,
        *(root / "docs").rglob("*.md"),
        *(root / "docs").rglob("*.py"),
        *SIM.rglob("*.html"),
        root / "README.md",
    ]
    found = [f"{path.relative_to(root)}: {word}" for path in texts for word in WORDS.findall(path.read_text("utf-8"))]
    assert found == []
