"""One history told month by month: who did what, and why where a decision has named parts."""

import math
from dataclasses import dataclass

import numpy as np

from sim.runs import Run
from sim.why.explain import recomputed
from sim.why.tell import signed
from sim.why.term_names import OF_A_PAIR, TREATY
from sim.words import RUNGS, STATES, in_letters, listed, month_name, named, share

#: Kinds that are told only when everything is asked for.
_SMALL = ("ratification", "rung-in-force", "summit", "visit", "practical", "group-share")
_WORTH_SAYING = 0.05  # parts that one decimal shows as 0.0 speak neither for nor against
_MARKS = {"documented": " [record]", "scenario": " [scenario]", "simulated": ""}
#: Acts on an instrument that several states do at once, for one state and for several.
_BY_SEVERAL = {
    "signature": ("signs", "sign"),
    "accession": ("accedes", "accede"),
    "refusal": ("does not sign", "do not sign"),
    "ratification": ("ratifies", "ratify"),
    "withdrawal": ("leaves", "leave"),
}
_INTENSITY = {
    -1: "mild words",
    -2: "strong words",
    -3: "hostile diplomatic or economic acts",
    -4: "acts of political or military hostility",
    -5: "small military acts",
}
_LINKS = {
    "crossings": "closes its border crossings with {b}",
    "transport": "stops transport with {b}",
    "energy": "cuts energy to {b}",
    "water": "withholds water from {b}",
}


@dataclass(frozen=True)
class Told:
    """One event in words; ``why`` is empty where nothing is decided by named parts.

    ``origin`` is documented, scenario (a dated event of its own) or simulated.
    """

    month: int
    kind: str
    text: str
    why: str
    origin: str


def chronicle(
    run: Run, member: int, since: int | None = None, everything: bool = False, why: bool = True
) -> list[Told]:
    """What happens in a member from a year on (that of the branch unless given), in order."""
    frame = run.events
    first = (since * 12) if since is not None else run.catalogue.branch
    rows = frame[frame["member"].isin((-1, member)) & (frame["month"] >= first)].sort_values("month", kind="stable")
    if not everything:
        rows = rows[~rows["kind"].isin(_SMALL)]
    titles = {entry.id: entry.title for entry in (*run.catalogue.accords, *run.catalogue.texts, *run.catalogue.formats)}
    beyond = [name for code, name in run.catalogue.region.names if code not in run.catalogue.states]
    titles |= dict.fromkeys([BEYOND] if beyond else [], listed(beyond))
    reasons = _reasons(run, member) if why else {}
    found = []
    for alike in _together(rows):
        row = alike[0]
        text = in_words(row, titles) if len(alike) == 1 else _as_one(alike, titles)
        origin = origin_of(row)
        reason = reasons.get((row.month, *_subject(row)), "") if origin == "simulated" and len(alike) == 1 else ""
        found.append(Told(int(row.month), str(row.kind), text, reason, origin))
    return found


BEYOND = ""  # stands for a neighbour upstream that is none of the states


def _together(rows) -> list[list]:
    """Rows in order, those of one month in which several states do the same with one instrument as one group."""
    groups: dict[tuple, list] = {}
    for place, row in enumerate(rows.itertuples(index=False)):
        alike = row.kind in _BY_SEVERAL
        groups.setdefault((row.month, row.kind, _text(row.instrument)) if alike else (place,), []).append(row)
    return list(groups.values())


def _as_one(rows: list, titles: dict[str, str]) -> str:
    one, several = _BY_SEVERAL[rows[0].kind]
    names = listed([STATES.get(_text(row.a), _text(row.a)) for row in rows])
    return in_words(rows[0], titles).replace(STATES.get(_text(rows[0].a), ""), names, 1).replace(one, several, 1)


def origin_of(row) -> str:
    """Whether an event is documented, of the scenario, or simulated; older runs tell only the first from the others."""
    return str(getattr(row, "origin", "documented" if row.documented else "simulated"))


def _text(value) -> str:
    return value if isinstance(value, str) else ""


def _subject(row) -> tuple[str, str, str]:
    return _text(row.a), _text(row.b) if row.kind == "rung" else "", _text(row.instrument)


def in_words(row, titles: dict[str, str]) -> str:
    """An event of the table of events as a sentence without its full stop."""
    a, b = STATES.get(_text(row.a), ""), STATES.get(_text(row.b), "")
    subject, value = _text(row.instrument), 0.0 if row.value is None or math.isnan(row.value) else float(row.value)
    what = titles.get(subject, subject)
    both = f"{a} and {b}"
    phrases = {
        "leader-change": f"{a} has a new leader (openness of state and leader {signed(value, 1)})",
        "rung": f"{both} sign a treaty: {RUNGS.get(subject, subject)}",
        "declaration": f"{both} declare themselves allied",
        "council": f"{both} set up a standing council",
        "rung-in-force": f"The {RUNGS.get(subject, subject)} of {both} enters into force",
        "rung-lost": f"{both} fall back from their {RUNGS.get(subject, subject)}",
        "upgrade": f"{both} upgrade their relations",
        "programme": f"{both} agree on a programme",
        "visit": f"Leaders of {both} visit each other",
        "practical": f"{both} take a practical step",
        "signature": f"{a} signs “{what}”",
        "accession": f"{a} accedes to “{what}”",
        "refusal": f"{a} does not sign “{what}”",
        "ratification": f"{a} ratifies “{what}”",
        "in-force": f"“{what}” enters into force",
        "withdrawal": f"{a} leaves “{what}”",
        "summit": f"Summit: {what}",
        "format-born": f"A new series of summits begins: {what}",
        "format-ends": f"A series of summits ends: {what}",
        "closure": f"{a} {_LINKS.get(subject, 'closes a link with {b}').format(b=b)}",
        "opening": f"{both} open {'their crossings' if subject in ('crossings', '') else subject} again",
        "verbal": f"{a} threatens {b}",
        "standoff": f"{a} moves troops to the border with {b}",
        "clash": f"Clash on the border of {both}, {'with regular forces' if value else 'without regular forces'}",
        "settlement": f"{both} settle their border: {share(value)} of the line is agreed",
        "border-reopened": f"{both} dispute their border again: {share(value)} of the line",
        "dispute": f"{a} turns on {b or titles.get(BEYOND, 'a neighbour upstream')} over water: "
        f"{_INTENSITY.get(round(value), 'a dispute')} ({value:.0f} on the scale)",
    }
    said = phrases.get(str(row.kind))
    if said is None:
        parts = [name for name in (a, b) if name]
        said = f"{str(row.kind).replace('-', ' ').capitalize()}{': ' + ' and '.join(parts) if parts else ''}"
        said += f" ({what})" if what else ""
    return said.replace("\xa0", " ")


def _reasons(run: Run, member: int) -> dict[tuple, str]:
    """Why each treaty was signed or declined in a member: the chance, and what spoke most for and against it."""
    found = {}
    for row in _terms(run, member):
        ladder = row["ladder"] > 0
        words = {**TREATY, **OF_A_PAIR} if ladder else TREATY
        parts = {name: row[name] for name in words if name != "intercept"}
        best, worst = max(parts, key=parts.get), min(parts, key=parts.get)
        said = [f"chance of signing {share(row['probability'])}{' in such a month' if ladder else ''}"]
        if parts[best] >= _WORTH_SAYING:
            said.append(f"for it above all {words[best][:1].lower() + words[best][1:]} ({signed(parts[best], 1)})")
        if parts[worst] <= -_WORTH_SAYING:
            said.append(f"against it {words[worst][:1].lower() + words[worst][1:]} ({signed(parts[worst], 1)})")
        found[row["month"], row["a"], row["b"], row["instrument"]] = "; ".join(said).replace("\xa0", " ")
    return found


def _terms(run: Run, member: int) -> list[dict]:
    if "terms.parquet" in run.manifest["files"]:
        frame = run.terms[run.terms["member"] == member]
        rows = frame.to_dict("records")
        return [{**row, "month": int(row["month"]), "b": _text(row["b"])} for row in rows]
    catalogue = run.catalogue
    terms = recomputed(run, member, member + 1)
    accords, states = [entry.id for entry in (*catalogue.accords, *catalogue.texts)], catalogue.states
    rows = []
    for line in terms[terms["month"] >= catalogue.branch]:
        row = dict(zip(terms.dtype.names, line.tolist()))
        ladder = row["ladder"] > 0
        names = catalogue.rungs if ladder else accords
        row |= {
            "month": int(row["month"]),
            "a": states[int(row["a"])],
            "b": states[int(row["b"])] if ladder else "",
            "instrument": names[int(row["subject"]) - (1 if ladder else 0)],
        }
        rows.append(row)
    return rows


def state_of(run: Run, member: int, year: int) -> str:
    """Where the region stands at the end of a year of a member, in a line."""
    frame = run.yearly
    row = frame[(frame["member"] == member) & (frame["year"] == year)]
    if row.empty:
        return ""
    row = row.iloc[0]
    rungs = [round(float(row[name])) for name in row.index if name.startswith("rung.")]
    said = [f"{sum(rung == 3 for rung in rungs)} alliances, {sum(rung == 2 for rung in rungs)} strategic partnerships"]
    said.append(f"mean trust {share(float(row['trust_mean']))}")
    trade = row.get("trade_regional", np.nan)
    if np.isfinite(trade):
        said.append(f"trade of the {in_letters(len(run.catalogue.region.core))} {trade:.0f} billion dollars")
    short = {name.split(".")[1]: float(row[name]) for name in row.index if name.startswith("deficit_year.")}
    worst = max(short, key=short.get, default="")
    if worst and short[worst] > 0.02:
        said.append(f"irrigation shortest in {STATES[worst]} ({share(short[worst])})")
    return "; ".join(said).replace("\xa0", " ")


def as_markdown(run: Run, member: int, told: list[Told], about: str = "") -> str:
    """The chronicle as Markdown, a chapter a year."""
    lines = [f"# Member {member} of {run.name}", "", f"{run.manifest['title']}, run {run.key[:8]}. {about}".strip(), ""]
    lines.append(
        f"One history of {run.manifest['members']:,}: what could happen, not what will. "
        f"Simulated from {month_name(run.catalogue.branch)}."
    )
    years = sorted(
        {each.month // 12 for each in told} | set(range(run.catalogue.branch // 12, run.catalogue.end // 12 + 1))
    )
    for year in years:
        mine = [each for each in told if each.month // 12 == year]
        lines += ["", f"## {year}", ""]
        for each in mine:
            record = _MARKS[each.origin]
            why = f" — {each.why}" if each.why else ""
            lines.append(f"* **{month_name(each.month).split()[0]}**: {named(each.text)}{record}{why}.")
        if not mine:
            lines.append("* Nothing of note.")
        if state := state_of(run, member, year):
            lines += ["", f"*At the end of {year}: {state}.*"]
    return "\n".join(lines) + "\n"
