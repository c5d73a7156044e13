"""One page for one run or several: everything is in the file, and nothing is loaded from elsewhere."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.outcomes.headline import answers, how_sure, side_by_side
from sim.page import provenance
from sim.page.decisions import notable
from sim.page.drawn_map import draw_map
from sim.page.fans import about, chapters, fans
from sim.page.paired import beside
from sim.page.places import by_year, geometry, is_mapped, trust_by_year
from sim.page.source import Source
from sim.page.svg import fan, intervals
from sim.page.treaties import timeline
from sim.runs import Run
from sim.runs.errors import explained
from sim.runs.files import replaced
from sim.words import STATES, histories, month_name

HERE = Path(__file__).parent
#: Colours of runs, the first for the run that the page is about.
RUN_COLOURS = ("#12355b", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9")
_DRAWN_STILL = ("index", "trust_mean", "trade_regional")
_MOST_SHORT = 2  # states whose deficit is drawn


def embedded(value: object) -> Markup:
    """JSON that cannot end the script element that holds it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028")):
        text = text.replace(character, escape)
    return Markup(text.replace("\u2029", "\\u2029"))


def environment() -> Environment:
    """Templates in which every value is text unless it was built as markup here."""
    found = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE / "assets"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["embedded"] = embedded
    found.globals["histories"] = histories
    found.globals["asset"] = lambda name: Markup(_found(name).read_text(encoding="utf-8"))
    return found


def _found(name: str) -> Path:
    return next(path for folder in ("templates", "assets") if (path := HERE / folder / name).exists())


def run_data(source: Source) -> dict:
    """Everything of one run that the charts draw."""
    catalogue = source.catalogue
    return {
        "name": source.run.name,
        "title": source.label,
        "key": source.run.key[:8],
        "years": source.years,
        "branch": catalogue.branch / 12,
        "members": source.n_members,
        "seed": source.manifest["seed"],
        "fans": fans(source),
        "timeline": timeline(source),
        "map": by_year(source),
        "trust": trust_by_year(source),
    }


def render(runs: Sequence[Run]) -> str:
    """The page as text.  The first run is the one that the others are compared with."""
    sources = [Source(run) for run in runs]
    first = sources[0]
    shown = [run_data(source) for source in sources]
    for place, data in enumerate(shown):
        data["colour"] = RUN_COLOURS[place % len(RUN_COLOURS)]
    pairs = [beside(source, first) for source in sources[1:]]
    for data, pair in zip(shown[1:], pairs):
        data["difference"] = pair["fans"]
        data["effects"] = [row for rows in pair["chapters"].values() for row in rows if row["event"]]
    series = {chapter: names for chapter, names in chapters(first).items()}
    titles = {name: about(name) for names in series.values() for name in names}
    page = {
        "runs": shown,
        "chapters": series,
        "series": titles,
        "states": {state: STATES.get(state, state) for state in first.catalogue.states},
        "version": version("casim"),
        "nodes": geometry()["nodes"],
    }
    template = environment().get_template("report.html.j2")
    return template.render(
        page=page,
        first=first,
        sources=sources,
        answers=[(source, answers(source)) for source in sources],
        how_sure=how_sure(first),
        beside=side_by_side(sources),
        branch=month_name(first.catalogue.branch),
        record=month_name(first.catalogue.branch - 1),
        pairs=list(zip(sources[1:], pairs)),
        decisions=notable(first, shown[0]["timeline"]),
        provenance=provenance,
        still=still_pictures(first, shown[0]),
        states=page["states"],
        colours=RUN_COLOURS,
    )


def still_pictures(source: Source, data: dict) -> dict:
    """Pictures of the first run for readers without scripts, by the figure that they stand in."""
    branch = data["branch"]
    region = source.catalogue.region
    deficits = [f"deficit_year.{state}" for state in reversed(region.users[-_MOST_SHORT:])]
    shown = (*_DRAWN_STILL, f"trade.{region.axis}", *deficits)
    titles = {name: about(name) for name in shown if name in data["fans"]}
    drawn = {
        name: fan(data["years"], data["fans"][name], branch, said["title"], said["percent"])
        for name, said in titles.items()
    }
    still_open = [row for row in data["timeline"] if row["documented"] is None and row["when"]]
    still_open.sort(key=lambda row: -row["by"][-1][0])
    rows = [{"label": row["label"], "q": row["when"]} for row in still_open]
    return {
        "fans": [(titles[name], picture) for name, picture in drawn.items()],
        "open": still_open,
        "treaties": intervals(rows[:40], "When treaties come that are still open", dates=True),
        "map": draw_map(data["map"], data["map"]["years"][-1]) if is_mapped(source.catalogue.states) else None,
        "trust": data["map"]["years"][-1],
    }


def write_report(runs: Sequence[Run], out: Path) -> Path:
    """Write the page; errors of writing name the file.  The file appears whole or not at all."""
    text = render(runs)
    with explained(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with replaced(out) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    return out
