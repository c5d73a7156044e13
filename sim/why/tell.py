"""An explanation in words and as a table with bars, plain text that fits a terminal and reads as Markdown."""

from collections.abc import Sequence

import numpy as np

from sim.outcomes import summarise
from sim.why.explain import Explanation, Term
from sim.why.term_names import occasion
from sim.words import MONTHS, figure, histories, month_name, month_of, share

_BAR, _WORDS = 16, 44
_MINUS = "\N{MINUS SIGN}"


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, as a part of a sum."""
    text = f"{abs(value):.{decimals}f}"
    return text if not float(text) else (_MINUS if value < 0 else "+") + text


def shown_parts(terms: Sequence[Term], total: float, decimals: int = 2) -> list[float]:
    """The means rounded so that what is shown adds up to the total as shown (largest remainder)."""
    step = 10.0**-decimals
    scaled = np.array([term.mean for term in terms]) / step
    whole = np.floor(scaled)
    short = round(total / step) - int(whole.sum())
    order = np.argsort(-(scaled - whole), kind="stable")
    whole[order[: max(short, 0)]] += 1
    return [float(value) for value in np.round(whole * step, decimals)]


def bar(value: float, largest: float) -> str:
    """A bar to the left of the middle for what speaks against, to the right for what speaks for."""
    length = round(_BAR * abs(value) / largest) if largest else 0
    left = ("█" * length).rjust(_BAR) if value < 0 else " " * _BAR
    right = ("█" * length).ljust(_BAR) if value > 0 else " " * _BAR
    return f"{left}│{right}".rstrip()


def when(found: Explanation) -> str:
    """When it came, in a sentence."""
    catalogue = found.run.catalogue
    branch, last = catalogue.branch / 12, catalogue.end // 12
    dates, dated = found.dates, found.target.is_dated
    if not dated:
        span = (catalogue.end + 1 - catalogue.branch) / 12
        times = figure(float(np.nanmean(dates)) * span)
        where = "" if found.member is None else f" in member {found.member}"
        return f"It happens {times} times{where or ' on average'} by the end of {last}."
    if found.member is not None:
        if np.isnan(dates[0]):
            return f"In member {found.member} it does not come by the end of {last}."
        origin = "documented" if dates[0] < branch - 1e-9 else "simulated"
        return f"In member {found.member} it comes in {month_name(month_of(dates[0]))} ({origin})."
    if (dates < branch - 1e-9).all():
        return f"It is documented: {month_name(month_of(dates[0]))}."
    come = summarise(dates)
    said = f"It comes by the end of {last} in {share(float(np.isfinite(dates).mean()))} of {histories(dates.size)}"
    if dates.size == 1:
        once = (
            f"comes in {month_name(month_of(come.median))}" if come.members else f"does not come by the end of {last}"
        )
        return f"In the one history of the run it {once}."
    if not come.members:
        return f"It comes in none of {histories(dates.size)} by the end of {last}."
    month = round(come.median * 12)
    return f"{said}; where it comes, half have it by {MONTHS[month % 12]} {month // 12}."


def what_moves_it(found: Explanation) -> list[str]:
    """What speaks most for it and against it, and what an even chance would take, in sentences."""
    shown = dict(zip((term.name for term in found.terms), shown_parts(found.terms, found.total)))
    said = []
    for verb, parts in (
        ("against", [term for term in found.terms if term.mean < 0 and term.name != "intercept"]),
        ("for", [term for term in found.terms if term.mean > 0 and term.name != "intercept"]),
    ):
        if parts:
            said.append(f"Most {verb} it: {_lower(parts[0].words)} ({signed(shown[parts[0].name])}).")
    said.append(
        f"On average the parts below add up to {signed(found.total)}, which is a chance of {share(found.chance)} "
        f"{occasion(found.target.kind)}; over {histories(found.members)} the chance is {share(found.mean_chance)}."
    )
    missing = found.terms[0].needed - found.terms[0].mean
    verb = "rise" if missing > 0 else "fall"
    likely = max((t for t in found.terms if t.name != "intercept"), key=lambda t: t.reached, default=None)
    said.append(
        f"For an even chance one part would have to {verb} by {abs(missing):.2f}, the others staying as they are."
        + (
            f" The nearest to it is “{_lower(likely.words)}”: so far in {share(likely.reached)} of the cases."
            if likely is not None and likely.reached > 0
            else " No single part is ever so far."
        )
    )
    return said


def _lower(text: str) -> str:
    return text if text.startswith(tuple(MONTHS)) else text[:1].lower() + text[1:]


def as_markdown(found: Explanation, against: Explanation | None = None) -> str:
    """Everything as Markdown that is as readable in a terminal."""
    scope = f"member {found.member}" if found.member is not None else histories(found.members)
    lines = [f"# {found.target.title}", "", f"Run {found.run.name} {found.run.key[:8]}, {scope}.", ""]
    lines += [when(found), *what_moves_it(found), ""]
    lines += _term_table(found)
    if against is not None:
        lines += ["", *_beside(found, against)]
    return "\n".join([*lines, "", *_year_table(found)]) + "\n"


def _term_table(found: Explanation) -> list[str]:
    largest = max(abs(term.mean) for term in found.terms)
    lines = ["## The parts, largest first", "", "```text"]
    lines.append(f"{'':{_WORDS}} {'part':>6}  {'against it':>{_BAR}}│{'for it':<{_BAR}} even at  so far in")
    for term, mean in zip(found.terms, shown_parts(found.terms, found.total)):
        head, *rest = _wrapped(term.words)
        drawn = bar(mean, largest).ljust(2 * _BAR + 1)
        lines.append(f"{head:{_WORDS}} {signed(mean):>6}  {drawn} {signed(term.needed):>7}  {_reached(term):>9}")
        lines += [f"  {text}" for text in rest]
    lines += [f"{'sum':{_WORDS}} {signed(found.total):>6}", "```", ""]
    unit = "log-odds" if found.target.kind == "accord" else "log of the chance per month"
    return [
        *lines,
        f"Parts are in {unit}. “even at”: what the part would have to be for an even chance "
        f"{occasion(found.target.kind)}; “so far in”: the share of the cases in which it is.",
    ]


def _reached(term: Term) -> str:
    return "" if term.name == "intercept" else share(term.reached).replace("less than ", "<").replace("\xa0", " ")


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > _WORDS - 2 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _beside(found: Explanation, against: Explanation) -> list[str]:
    theirs = {term.name: term.mean for term in against.terms}
    ours = {term.name: term for term in found.terms}
    names = sorted(
        {*theirs, *ours}, key=lambda name: -abs((ours[name].mean if name in ours else 0) - theirs.get(name, 0))
    )
    words = {term.name: term.words for term in (*against.terms, *found.terms)}
    lines = [
        f"## Against {against.run.name} {against.run.key[:8]}",
        "",
        f"There: {_lower(when(against))}",
        "",
        "```text",
    ]
    lines.append(f"{'':{_WORDS}} {'here':>7} {'there':>7} {'change':>7}")
    for name in names:
        here, there = ours[name].mean if name in ours else 0.0, theirs.get(name, 0.0)
        head, *rest = _wrapped(words[name])
        lines.append(f"{head:{_WORDS}} {signed(here):>7} {signed(there):>7} {signed(here - there):>7}")
        lines += [f"  {text}" for text in rest]
    change = found.total - against.total
    lines.append(f"{'sum':{_WORDS}} {signed(found.total):>7} {signed(against.total):>7} {signed(change):>7}")
    return [*lines, "```"]


def _year_table(found: Explanation) -> list[str]:
    come = any(year.come for year in found.years)
    per = {"accord": "chance at a summit, if still open", "rung": "chance in the year, if still open"}
    asked = per.get(found.target.kind, "chance within a year of such months")
    lines = ["## Year by year", "", f"| year |{' has come by its end |' if come else ''} {asked} |"]
    lines.append(f"|---|{'---|' if come else ''}---|")
    for year in found.years:
        chance = "–" if np.isnan(year.chance) else share(year.chance)
        if come:
            known = year.come
            sure = f"{share(known.value)} ({100 * known.low:.0f}–{100 * known.high:.0f} %)" if known else ""
            lines.append(f"| {year.year} | {sure} | {chance} |")
        else:
            lines.append(f"| {year.year} | {chance} |")
    return lines


def as_plain(found: Explanation) -> dict:
    """Everything as plain values, for JSON."""
    return {
        "title": found.target.title,
        "run": found.run.name,
        "key": found.run.key,
        "member": found.member,
        "histories": found.members,
        "occasions": found.occasions,
        "total": found.total,
        "chance_at_mean": found.chance,
        "mean_chance": found.mean_chance,
        "when": when(found),
        "terms": [{name: getattr(term, name) for name in Term.__dataclass_fields__} for term in found.terms],
        "years": [
            {
                "year": year.year,
                "come": year.come.value if year.come else None,
                "chance": None if np.isnan(year.chance) else year.chance,
                "occasions": year.occasions,
            }
            for year in found.years
        ],
    }
