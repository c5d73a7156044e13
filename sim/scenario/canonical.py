"""One form for everything that asks for the same: values without words for readers, keys and lists in a fixed order."""

import json
from typing import Any

from sim.scenario.events import EVENT_KINDS
from sim.scenario.quantities import Table

FOR_READERS = {"id", "title", "note"}


def canonical(table: Table) -> dict[str, Any]:
    """A table as plain values that can stand in JSON; dates in ISO form, what is left out left out."""
    values = table.model_dump(mode="json", exclude_none=True, exclude=FOR_READERS)
    return {key: values[key] for key in sorted(values)}


def order_of_event(values: dict[str, Any]) -> tuple[str, str]:
    """What events are sorted by: date, then content as it is read, however it was written."""
    event = canonical(EVENT_KINDS[values["kind"]].model_validate(values))
    return event["date"], json.dumps(event, sort_keys=True)
