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


def _accord(entry, rule_for_all: str) -> AccordEntry:
    parties = tuple(entry.parties)
    rule = entry.rule if rule_for_all == "documented" else rule_for_all
    return AccordEntry(
        id=entry.id,
        title=entry.title or entry.id,
        parties=parties,
        rule=rule,
        required=_required(parties, rule, entry.minimum),
        opens=month_of(entry.opens),
        kind=str(getattr(entry, "kind", "instrument")),
    )


def catalogue_of(world, scenario) -> Catalogue:
    """The catalogue of a built world under a scenario."""
    rule = str(scenario.parameters.get("treaties.rule", "documented"))
    kinds = world.event_kinds
    names = [kinds[code] for code in sorted(kinds)] if isinstance(kinds, dict) else list(kinds)
    return Catalogue(
        states=tuple(world.states),
        dyads=tuple("-".join(pair) for pair in world.dyads),
        rungs=tuple(world.rungs),
        accords=tuple(_accord(entry, rule) for entry in world.accords),
        formats=tuple(FormatEntry(entry.id, entry.title, bool(entry.regional)) for entry in world.formats),
        kinds=tuple(names),
        start=month_of(scenario.run.start),
        branch=month_of(scenario.run.branch),
        end=month_of(scenario.run.end),
    )
