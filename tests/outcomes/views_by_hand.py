"""Views of runs whose tables are histories written by hand."""

from dataclasses import replace

import numpy as np
from histories_by_hand import CATALOGUE, KINDS, PARTIES

from sim.facts import load_facts
from sim.outcomes import Events, Histories, member_outcomes
from sim.outcomes.borders import Section
from sim.outcomes.view import View

MORE = (*KINDS, "border-reopened", "dispute", "closure", "verbal", "standoff", "drought")
FREE = replace(CATALOGUE, kinds=MORE, branch=2012 * 12)
YEARS = len(FREE.years)


class Run:
    """An opened run whose tables are those of histories by hand."""

    record, key = None, "0123456789abcdef"

    def __init__(self, histories, manifest=None):
        self.catalogue, self._histories = histories.catalogue, histories
        self.manifest = manifest or {}

    def columns(self, name="members", wanted=None):
        if name == "yearly":
            return {each: np.asarray(self._histories.yearly[each]).ravel() for each in wanted}
        return {"member": self._histories.members, **member_outcomes(self._histories)}

    def names(self, _):
        return list(self._histories.yearly)

    def happened(self):
        both = self._histories.documented, self._histories.simulated
        return Events(*(np.concatenate([getattr(each, name) for each in both]) for name in Events.__dataclass_fields__))


def coded(*rows):
    """Rows (member, year, kind, a, b, instrument, value) as events."""
    columns = [[], [], [], [], [], [], []]
    for member, year, kind, a, b, instrument, value in rows:
        row = (
            member, round(year * 12), MORE.index(kind), *(PARTIES.index(each) if each else -1 for each in (a, b)),
            FREE.instruments.index(instrument) if instrument else -1, value,
        )  # fmt: skip
        for column, each in zip(columns, row, strict=True):
            column.append(each)
    return Events(*(np.array(column, float if place == 6 else int) for place, column in enumerate(columns)))


def view_of(*simulated, documented=(), members=4, yearly=None, catalogue=FREE, manifest=None, numbers=None, steps=()):
    """A view; its record has these ladder steps and ends in July 2025."""
    numbers = np.arange(members) if numbers is None else np.asarray(numbers)
    histories = Histories(catalogue, numbers, yearly or {}, coded(*simulated), coded(*documented))
    view = View(Run(histories, manifest), load_facts())
    view.steps, view.record_end = steps, 2025.5
    return view


def section(*simulated, at_first=0.5, documented=(), **more):
    view = view_of(*simulated, documented=documented, **more)
    found = view.happened("settlement", "border-reopened", "clash").between(0, 1)
    return view, Section("KGZ-TJK", found, at_first)
