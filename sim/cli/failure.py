"""Errors in words on standard error, and the exit status that goes with each."""

import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import typer
from typer.core import TyperGroup

STOPPED = 130


class Commands(TyperGroup):
    """Commands that answer to a slip in their name with the names there are and the nearest."""

    def resolve_command(self, ctx, args):
        """As its base; a usage error, with suggestions, where there is no such command."""
        if self.get_command(ctx, args[0]) is None:
            from sim.errors import suggestion

            ctx.fail(f"No such command '{args[0]}'.{suggestion(args[0], self.list_commands(ctx), most_listed=30)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx):
        """As its base; a number that is none, or out of range, is answered with what is allowed and an example."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _number_wanted(error) or error.message
            raise


def _number_wanted(error: typer.BadParameter) -> str:
    """What a number of an option or argument must be, in words; empty where the error is about something else."""
    param, cause = error.param, error.__cause__
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if kind not in (int, float) or not hasattr(cause, "errors"):
        return ""
    low, high = param.min, param.max
    what = "a whole number" if kind is int else "a number"
    limits = "" if low is None else f" of at least {low:,}" if high is None else f" from {low:,} to {high:,}"
    example = param.default
    if not isinstance(example, int | float):
        usual = 2030 if param.metavar == "YEAR" else 100 if kind is int else 0.1
        example = min(max(usual, usual if low is None else low), usual if high is None else high)
    option = f"{param.opts[0]} " if param.opts and param.opts[0].startswith("-") else ""
    return f"{str(cause.errors()[0]['input'])!r} is not {what}{limits}, such as {option}{example}"


def complain(message: str) -> None:
    """Print a message to standard error."""
    from sim.cli.printing import clean

    print(clean(message), file=sys.stderr)


def refuse(message: str) -> NoReturn:
    """End the command with a message about the user's input, and 2."""
    complain(message)
    raise typer.Exit(2) from None


def _status(error: Exception) -> int | None:
    """Exit status of an error that is said in words; None for one nobody foresaw."""
    from sim.facts import FactsError
    from sim.runs.errors import RunError
    from sim.scenario import ScenarioError

    if isinstance(error, ScenarioError | FactsError):
        return 2
    if isinstance(error, RunError):
        return error.exit_status
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return 2
    return 1 if isinstance(error, MemoryError) else None


def guarded(stopped: str = "stopped") -> Callable:
    """Decorate a command so that it ends with a message and a status, never with a traceback.

    Ctrl-C prints ``stopped`` and ends with 130.  With CASIM_DEBUG=1 in the environment errors show where they arose.
    """

    def decorate(command: Callable) -> Callable:
        """The command, guarded."""

        @functools.wraps(command)
        def call(*arguments, **options):
            """Carry out the command; end with its message and status if it fails."""
            try:
                return command(*arguments, **options)
            except (typer.Exit, typer.Abort, typer.BadParameter):
                raise
            except KeyboardInterrupt:
                complain(stopped)
                raise typer.Exit(STOPPED) from None
            except BrokenPipeError:
                # the reader went away, as in `casim list | head`
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise typer.Exit(1) from None
            except Exception as error:
                if os.environ.get("CASIM_DEBUG") == "1":
                    raise
                complain(_told(error))
                raise typer.Exit(_status(error) or 1) from None

        return call

    return decorate


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return f"{str(error.filename)[:60]}...: this name is too long for a file or folder."
    if _status(error) is not None:
        return str(error) or type(error).__name__
    return f"{type(error).__name__}: {error}\nThis should not happen.  CASIM_DEBUG=1 before the command shows where."
