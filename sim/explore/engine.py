"""What the page shows of a scenario: bands of an ensemble, chances of treaties, one history month by month."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from sim.facts import load_facts
from sim.model import Block, World, build_world, simulate_members
from sim.outcomes import Catalogue, Events, Histories, integration, member_outcomes, prospects
from sim.page.fans import about, bands, chapters
from sim.page.places import by_year
from sim.runs.tables import catalogue_of, coded_table, from_engine, readable_table
from sim.scenario import Scenario
from sim.why.history import in_words, origin_of
from sim.words import named, rounded, share

_AT_ONCE = 25  # members a task: small enough that two threads finish together
_MOST_TREATIES = 12


class Ensemble:
    """Some members of a scenario, simulated in memory; reads like the source of a report."""

    def __init__(self, scenario: Scenario, first: int, last: int) -> None:
        started = time.perf_counter()
        self.record = scenario.record
        facts = load_facts(scenario.record)
        self.world: World = build_world(scenario, facts)
        self.catalogue: Catalogue = catalogue_of(self.world, scenario, facts)
        self.documented: Events = from_engine(self.world.dated_events, self.catalogue)
        tasks = [(low, min(low + _AT_ONCE, last)) for low in range(first, last, _AT_ONCE)]
        with ThreadPoolExecutor(min(len(tasks), os.cpu_count() or 1)) as pool:
            self._blocks: list[Block] = list(pool.map(lambda task: simulate_members(self.world, *task), tasks))
        self.numbers = np.arange(first, last)
        self.n_members, self.years = last - first, list(self.catalogue.years)
        self.seconds = time.perf_counter() - started

    @cached_property
    def yearly(self) -> dict[str, np.ndarray]:
        """Yearly series with the integration index, (m, years)."""
        found = {
            name: np.concatenate([block.yearly[name] for block in self._blocks]) for name in self._blocks[0].yearly
        }
        return {**found, **integration(found)}

    @property
    def series(self) -> dict[str, np.ndarray]:
        """The same, by the name that a report's source gives them."""
        return self.yearly

    @cached_property
    def monthly(self) -> dict[str, np.ndarray]:
        """Monthly series, (m, months)."""
        return {
            name: np.concatenate([block.monthly[name] for block in self._blocks]) for name in self._blocks[0].monthly
        }

    @cached_property
    def drawn_events(self) -> Events:
        """Events of the members."""
        return from_engine(np.concatenate([block.events for block in self._blocks]), self.catalogue)

    @cached_property
    def events(self):
        """Events of record and members as a frame, by month."""
        tables = (readable_table(coded_table(each), self.catalogue) for each in (self.documented, self.drawn_events))
        import pandas as pd

        frames = [table.to_pandas() for table in tables]
        frames[0]["member"] = -1
        return pd.concat(frames).sort_values("month", kind="stable")

    def happened(self, *kinds: str):
        """Events of these kinds."""
        return self.events[self.events["kind"].isin(kinds)]

    @cached_property
    def treaties(self) -> list[dict]:
        """The open treaties with the chance that they have come by the end of the report years, likeliest first."""
        histories = Histories(self.catalogue, self.numbers, self.yearly, self.drawn_events, self.documented)
        found = prospects(self.catalogue, member_outcomes(histories), _MOST_TREATIES)
        return [
            {"title": named(each.title), "by": {year: share(chance.value) for year, chance in each.by.items()}}
            for each in found
        ]


def overview(found: Ensemble, names: list[str]) -> dict:
    """Bands of these series and the chances of treaties of an ensemble; unknown names are left out."""
    return {
        "years": found.years,
        "branch": found.catalogue.branch / 12,
        "members": found.n_members,
        "fans": {name: bands(found.series[name]) for name in names if name in found.series},
        "treaties": found.treaties,
        "seconds": round(found.seconds, 3),
    }


def series_of(found: Ensemble) -> dict:
    """Chapters, and what each of their series is."""
    shown = chapters(found)
    return {"chapters": shown, "series": {name: about(name) for group in shown.values() for name in group}}


def one_history(scenario: Scenario, member: int) -> dict:
    """One member month by month: what the map shows and what happened."""
    found = Ensemble(scenario, member, member + 1)
    catalogue = found.catalogue
    titles = {entry.id: entry.title for entry in (*catalogue.accords, *catalogue.texts, *catalogue.formats)}
    told, rungs, settled = [], {dyad: [[catalogue.start, 0]] for dyad in catalogue.dyads}, {}
    for row in load_facts(scenario.record).borders:
        settled[f"{row.state_a}-{row.state_b}"] = [[catalogue.start, rounded(1.0 - row.unsettled_share_1992)]]
    for row in found.events.itertuples(index=False):
        month, pair = int(row.month), f"{row.a}-{row.b}"
        if row.kind in ("rung", "rung-lost") and pair in rungs:
            step = catalogue.rungs.index(row.instrument) + 1
            rungs[pair].append([month, step if row.kind == "rung" else step - 1])
        elif row.kind in ("settlement", "border-reopened") and pair in settled:
            settled[pair].append([month, rounded(row.value if row.kind == "settlement" else 1.0 - row.value)])
        if row.kind not in ("ratification", "rung-in-force", "visit"):
            told.append([month, in_words(row, titles), origin_of(row)])
    yearly = by_year(found)
    return {
        "member": member,
        "start": catalogue.start,
        "branch": catalogue.branch,
        "end": catalogue.end,
        "rungs": rungs,
        "settled": settled,
        "yearly": {name: yearly[name] for name in ("flows", "lacking", "taken", "trusted", "openness")},
        "years": found.years,
        "deficit": {
            name.removeprefix("deficit."): [rounded(value, 3) for value in values[0]]
            for name, values in found.monthly.items()
            if name.startswith("deficit.")
        },
        "events": told,
    }
