"""Options that belong together as one argument of a command: a frozen dataclass whose fields are the options."""

import functools
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import Parameter, Signature, signature


def grouped(command: Callable) -> Callable:
    """Decorate a command so that Typer sees, in place of an argument whose type is a dataclass, an option a field.

    Fields are annotated and have defaults as options of a command do.  They stand in the help where the argument does,
    those of a base class first; a field that a subclass states again keeps its place.  ValueError if an option is
    stated twice.
    """
    given = {name: each.replace(kind=Parameter.KEYWORD_ONLY) for name, each in signature(command).parameters.items()}
    groups = {name: each.annotation for name, each in given.items() if is_dataclass(each.annotation)}
    options = [one for name, each in given.items() for one in (_options(groups[name]) if name in groups else [each])]

    @functools.wraps(command)
    def call(**values):
        """Put the options into their groups and carry out the command."""
        for name, group in groups.items():
            values[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        return command(**values)

    call.__signature__ = Signature(options)
    call.__annotations__ = {each.name: each.annotation for each in options}
    return call


def _options(group: type) -> list[Parameter]:
    types = typing.get_type_hints(group, include_extras=True)
    return [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=_default(field), annotation=types[field.name])
        for field in fields(group)
    ]


def _default(field: Field) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return Parameter.empty if field.default is MISSING else field.default
