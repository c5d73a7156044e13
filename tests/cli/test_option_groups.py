"""Options in groups look to Typer, and to a user, like options stated one by one."""

import inspect
from dataclasses import dataclass, field
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from sim.cli.option_groups import grouped

Size = Annotated[int, typer.Option(min=1, help="How many.")]


@dataclass(frozen=True)
class Group:
    size: Size = 3
    names: Annotated[list[str], typer.Option("--name", help="May be repeated.")] = field(default_factory=list)


@dataclass(frozen=True)
class Larger(Group):
    size: Annotated[int, typer.Option(min=1, help="How many of them.")] = 5
    last: Annotated[bool, typer.Option("--last")] = False


def app_of(command):
    app = typer.Typer(rich_markup_mode=None)
    app.command()(command)
    return app


@grouped
def in_groups(*, first: str, group: Larger, as_json: Annotated[bool, typer.Option("--json")] = False):
    """A command."""
    print(first, group, as_json)


def one_by_one(
    first: str,
    size: Annotated[int, typer.Option(min=1, help="How many of them.")] = 5,
    names: Annotated[list[str], typer.Option("--name", help="May be repeated.")] = [],  # noqa: B006
    last: Annotated[bool, typer.Option("--last")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
):
    """A command."""
    print(first, Larger(size, names, last), as_json)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["a"], ["a", "--name", "b", "--name", "c", "--size", "2", "--last", "--json"], ["--size", "0"]],
)
def test_help_values_and_errors_are_those_of_options_one_by_one(arguments):
    given, expected = (
        CliRunner().invoke(app_of(command), arguments, prog_name="it") for command in (in_groups, one_by_one)
    )
    assert given.output == expected.output and given.exit_code == expected.exit_code
    assert given.output


def test_a_field_stated_again_keeps_its_place():
    assert list(inspect.signature(in_groups).parameters) == ["first", "size", "names", "last", "as_json"]


def test_an_option_stated_twice_is_refused():
    def twice(*, size: Size = 1, group: Group):
        return size, group

    with pytest.raises(ValueError, match="duplicate"):
        grouped(twice)
