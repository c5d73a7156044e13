"""The list of tables: for each its row class, the columns that identify a row, and what its columns refer to."""

from dataclasses import dataclass, field

from sim.facts import river_rows as rivers
from sim.facts import rows, term_rows
from sim.facts import trade_rows as trade


@dataclass(frozen=True)
class Table:
    """A table `NAME.csv`.

    row : class of its rows
    key : columns that identify a row; a later row with the same key replaces an earlier one in a user's folder
    refers : column -> table of which it names a row
    dated : column by which it is known whether a row was there at a date: a day, or the year of a figure
    optional : whether the complete folder may lack it
    model : whether it belongs to the model rather than to a region: a complete region's rows replace or follow ours
    needed : why a complete region cannot do without it
    """

    row: type
    key: tuple[str, ...] = ("id",)
    refers: dict[str, str] = field(default_factory=dict)
    dated: str = ""
    optional: bool = False
    model: bool = False
    needed: str = ""


_PAIR = {"economy_a": "trade_economies", "economy_b": "trade_economies"}

TABLES: dict[str, Table] = {
    "record": Table(rows.Span, ("name",), optional=True, needed="it says up to which day the region is documented"),
    "region": Table(rows.Region, ("name",)),
    "unions": Table(rows.Union, refers={"power": "powers"}),
    "states": Table(rows.State, needed="it names the states of the region"),
    "leaders": Table(
        rows.Leader, ("state", "since"), {"state": "states"}, "since", needed="it says who was in office at the start"
    ),
    "borders": Table(rows.Border, ("state_a", "state_b"), {"state_a": "states", "state_b": "states"}),
    "rungs": Table(rows.Rung, needed="it names the steps of the bilateral ladder"),
    "accords": Table(rows.Accord, refers={"parties": "states", "format": "formats"}, dated="opens"),
    "formats": Table(
        rows.Format,
        refers={"parties": "states", "power": "powers"},
        needed="it says where treaties are tabled, and which meetings are regional",
    ),
    "events": Table(rows.Event, refers={"parties": "states", "actor": "states", "target": "states"}, dated="date"),
    "event_weights": Table(rows.EventWeight, ("kind",), model=True),
    "powers": Table(rows.Power),
    "dependence": Table(rows.Dependence, ("state", "power", "year"), {"state": "states", "power": "powers"}, "year"),
    "group_share": Table(rows.GroupShare, ("power", "since"), {"power": "powers"}, "since"),
    "shocks": Table(rows.Shock, dated="since"),
    "capacity": Table(rows.Capacity, ("state", "year"), {"state": "states"}, "year"),
    "issue_weights": Table(
        rows.IssueWeight, ("state", "issue"), {"state": "states"}, needed="it says what the states care for"
    ),
    "terms": Table(term_rows.Term, ("state",), {"state": "states"}),
    "term_ends": Table(term_rows.TermEnd, ("state", "since"), {"state": "states"}, "since"),
    "legal_bars": Table(rows.LegalBar, ("state", "bars", "since"), {"state": "states"}, "since"),
    "borders_progress": Table(
        rows.BorderProgress, ("state_a", "state_b", "date"), {"state_a": "states", "state_b": "states"}, "date"
    ),
    "rival_projects": Table(rows.RivalProject, refers={"power": "powers", "parties": "states"}),
    "rival_members": Table(
        rows.RivalMember, ("project", "state"), {"project": "rival_projects", "state": "states"}, "since"
    ),
    "parameters": Table(rows.Parameter, ("name",), model=True),
    "river_parameters": Table(rows.Parameter, ("name",), model=True),
    "river_nodes": Table(rivers.RiverNode),
    "river_numbers": Table(rivers.RiverNumber, ("node", "quantity")),
    "river_sections": Table(rivers.RiverSection),
    "river_pairs": Table(rivers.RiverPair, ("downstream", "upstream", "basin")),
    "river_inflow_years": Table(rivers.InflowYear, ("year", "group"), dated="year"),
    "river_observations": Table(rivers.RiverObservation, ("date", "series", "note"), dated="date"),
    "river_watched": Table(rivers.Watched, ("series", "node"), {"node": "river_nodes"}),
    "river_borders": Table(rivers.BorderSection, ("state_a", "state_b")),
    "river_disputes": Table(rivers.RiverDispute, dated="date"),
    "river_reporting": Table(rivers.Reporting, ("since",)),
    "trade_parameters": Table(rows.Parameter, ("name",), model=True),
    "trade_economies": Table(trade.Economy),
    "trade_corridors": Table(trade.Corridor),
    "trade_agreements": Table(trade.Agreement, ("economy_a", "economy_b", "since", "agreement"), _PAIR, "since"),
    "trade_sizes": Table(trade.Size, ("economy", "year"), {"economy": "trade_economies"}, "year"),
    "trade_flows": Table(
        trade.Flow,
        ("exporter", "importer", "year", "reading"),
        {"exporter": "trade_economies", "importer": "trade_economies"},
        "year",
    ),
    "trade_deflator": Table(trade.Deflator, ("year",), dated="year"),
    "trade_crossings": Table(trade.Crossing, ("economy_a", "economy_b", "since"), _PAIR, "since"),
    "trade_growth": Table(trade.Growth, ("economy",), {"economy": "trade_economies"}),
    "trade_pairs": Table(trade.PairSpread, ("pair",)),
}
#: Tables that a user's folder of rivers may hold; parameters are set in a scenario's [parameters].
RIVER_FILES = tuple(f"{name}.csv" for name in TABLES if name.startswith("river_") and name != "river_parameters")
#: What a table's row is called in messages.
NOUNS = {"trade_economies": "economy"}


def noun_of(table: str) -> str:
    """What messages call a row of a table: a known state, a known economy."""
    return NOUNS.get(table, table.removesuffix("s"))
