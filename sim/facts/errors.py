"""The error of the fact tables: every problem found, each with table, line and column."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FactsProblem:
    """One thing wrong with a table.

    Attributes
    ----------
    table : file name, such as `events.csv`
    line : line in the file, the header being line 1; 0 where the file as a whole is meant
    column : column name, or empty where the row as a whole is meant
    message : what is wrong and what is allowed
    """

    table: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"{self.table}:{self.line}" if self.line else self.table
        return f"{where}: {self.column + ': ' if self.column else ''}{self.message}"


class FactsError(Exception):
    """Raised when the fact tables cannot be trusted; `problems` holds all that was found."""

    def __init__(self, problems: Sequence[FactsProblem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
