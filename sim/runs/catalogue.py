"""The names of a world in the form that travels with a run."""

from sim.outcomes import AccordEntry, Catalogue, FormatEntry


def month_of(date) -> int:
    """Absolute month of a date: year * 12 + calendar month - 1."""
    return date.year * 12 + date.month - 1


def _required(parties: tuple[str, ...], rule: str, minimum: int | None) -> int:
    """Signatories at which an accord counts as adopted."""
    if rule == "unanimity":
        return len(parties)
    return max(1, min(int(minimum or 2), len(parties)))


def _accord(entry, kinds: dict[str, str]) -> AccordEntry:
    parties, rule = tuple(entry.parties), entry.rule
    return AccordEntry(
        id=entry.id,
        title=entry.title or entry.id,
        parties=parties,
        rule=rule,
        required=_required(parties, rule, entry.minimum),
        opens=month_of(entry.opens),
        kind=kinds.get(entry.id, "instrument"),
    )


def catalogue_of(world, scenario, facts) -> Catalogue:
    """The catalogue of a world built from a scenario and the facts."""
    accord_kinds = {row.id: row.kind for row in facts.accords}
    formats = {row.id: row for row in facts.formats}
    return Catalogue(
        states=tuple(world.states),
        dyads=tuple("-".join(pair) for pair in world.dyads),
        rungs=tuple(world.rungs),
        accords=tuple(_accord(entry, accord_kinds) for entry in world.accords),
        formats=tuple(FormatEntry(name, formats[name].title, bool(formats[name].regional)) for name in world.formats),
        powers=tuple(world.powers),
        kinds=tuple(world.event_kinds),
        start=month_of(scenario.run.start),
        branch=month_of(scenario.run.branch),
        end=month_of(scenario.run.end),
    )
