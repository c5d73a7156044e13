"""What can be changed of a scenario on the page: parameters with range, prior and source; events; instruments."""

from datetime import date
from functools import cache

from sim.explore.draft import Origin, additions
from sim.facts import load_facts, load_rivers
from sim.scenario import explain
from sim.scenario.load import list_scenarios
from sim.words import named, sentence

_FIRST = ("trust", "interest", "treaties", "ladder", "accords", "region", "powers", "leaders")


def offer(origin: Origin) -> dict:
    """Everything that the controls of the page show."""
    scenario = origin.load()
    rows = {row.key: row for row in explain(scenario)}
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "members": scenario.run.members,
        "seed": scenario.run.seed,
        "parameters": _parameters(rows, load_facts(scenario.record).parameters),
        "events": [_event(scenario, _titles(scenario), place) for place in range(len(scenario.events))],
        "instruments": [
            {
                "id": each.id,
                "label": f"{each.title or each.id} ({named(', '.join(each.parties))}), from {each.opens:%B %Y}",
            }
            for each in scenario.instruments
        ],
        "add": [
            {"name": name, "label": label}
            for name, label, first in bundles()
            if name != scenario.name and (first is None or first >= scenario.run.branch)
        ],
    }


def _parameters(rows: dict, table) -> list[dict]:
    found = []
    for row in table:
        shown = rows.get(f"parameters.{row.name}")
        value = row.value if shown is None else shown.value
        entry = {
            "name": row.name,
            "family": row.name.split(".")[0],
            "meaning": named(row.meaning),
            "unit": row.unit,
            "prior": row.prior,
            "source": shown.source if shown is not None and shown.source else row.source,
            "status": row.status,
            "choices": list(row.choices),
            "lower": row.lower,
            "upper": row.upper,
            "value": value if row.choices else _number(value, row.value),
            "varies": bool(row.spread),
        }
        if row.choices or (row.lower is not None and row.upper is not None):
            found.append(entry)
    order = {family: place for place, family in enumerate(_FIRST)}
    return sorted(found, key=lambda each: order.get(each["family"], len(order)))


def _number(value, otherwise) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float(otherwise)


def _titles(scenario) -> dict[str, str]:
    """What a reader calls powers, formats, accords and places on the rivers, by id."""
    facts = load_facts(scenario.record)
    accords = {each.id: f"“{each.title or each.id}”" for each in (*facts.accords, *scenario.instruments)}
    places = {name: each.title for name, each in load_rivers(scenario.record).nodes.items()}
    titles = {each.id: each.title for each in facts.formats} | {each.id: each.name for each in facts.powers}
    return places | accords | titles


def _event(scenario, titles: dict[str, str], place: int) -> dict:
    event = scenario.events[place]
    values = event.model_dump(mode="json", exclude_none=True, exclude={"id", "note", "date", "kind", "title"})
    about = ", ".join(f"{key.replace('_', ' ')} {_said(value, titles)}" for key, value in values.items())
    label = sentence(f"{event.kind.replace('-', ' ')} in {event.date:%B %Y}{': ' + named(about) if about else ''}")
    return {"id": event.id, "label": label}


def _said(value, titles: dict[str, str]) -> str:
    if isinstance(value, list):
        return " and ".join(_said(each, titles) for each in value)
    return ("yes" if value else "no") if isinstance(value, bool) else titles.get(str(value), str(value))


@cache
def bundles() -> list[tuple[str, str, date | None]]:
    """Name and label of each scenario that ships and states events or instruments, and the date of its first event."""
    found = []
    for info in list_scenarios():
        entries = additions(info.name)
        count = {name: len(rows) for name, rows in entries.items() if rows}
        if count:
            what = " and ".join(f"{number} {name if number > 1 else name[:-1]}" for name, number in count.items())
            first = min((event["date"] for event in entries["events"]), default=None)
            found.append((info.name, f"{info.title} ({what})", first))
    return found
