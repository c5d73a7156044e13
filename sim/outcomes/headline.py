"""The headline answers: which treaties, how much conflict, what becomes of trade and water, how sure.

They are read from a :class:`sim.outcomes.view.View`, or from anything else that has its ``catalogue``, ``manifest``,
``members``, ``n_members`` and ``years``.
"""

from typing import Any

import numpy as np

from sim.outcomes.prospects import prospects
from sim.outcomes.summary import Probability, Summary, probability, probability_by, summarise
from sim.outcomes.trade import NO_GAIN
from sim.outcomes.water import simulated_years
from sim.words import MONTHS, NBSP, RUNGS, STATES, figure, histories, in_letters, listed, named, sentence, share

_FIRST, _MOST = 4, 3


def answers(source: Any) -> list[dict]:
    """Sentences with the question they answer and the columns that their numbers come from."""
    found = [_treaties(source), _pairs(source), _conflict(source), _trade(source), _water(source)]
    return [each for each in found if each]


def chance(found: Probability) -> str:
    """A probability with what the number of histories leaves open."""
    return f"{share(found.value)} ({100 * found.low:.0f}–\N{WORD JOINER}{100 * found.high:.0f}{NBSP}%)"


def spread(found: Summary, digits: int = 2) -> str:
    """A median with the middle 80 % of the histories; one history is only itself."""
    if not found.members:
        return "unknown"
    if found.members == 1:
        return f"{found.median:.0f}" if found.median == round(found.median) else figure(found.median, digits)
    low, high = found.bands[80]
    if all(value == round(value) for value in (found.median, low, high)):
        return f"{found.median:.0f} ({low:.0f} to {high:.0f})"
    return f"{figure(found.median, digits)} ({figure(low, digits)} to {figure(high, digits)})"


def _first_year(source: Any) -> int:
    years = [year for year in (2030, 2035, 2040) if year in source.years and year >= source.catalogue.branch // 12]
    return years[0] if years else source.years[-1]


def _when(summary: Summary) -> str:
    month = round(summary.median * 12)
    return f"{MONTHS[month % 12]} {month // 12}"


def _treaties(source: Any) -> dict | None:
    titles = {accord.id: accord.title for accord in source.catalogue.accords}
    year, last = _first_year(source), source.years[-1]
    said: list[str] = []
    columns: list[str] = []
    for each in prospects(source.catalogue, source.members):
        accord, _, state = each.instrument.partition(".")
        if accord not in titles or len(said) == _MOST:
            continue
        column = f"signed_month.{accord}.{state}" if state else f"adopted_month.{accord}"
        dates = source.members[column]
        what = f"{STATES[state]} joins “{titles[accord]}”" if state else f"“{titles[accord]}” is adopted"
        if source.n_members == 1:
            said.append(f"{what} in {_when(each.when)}")
            columns.append(column)
            continue
        said.append(
            f"{what} by the end of {year} in {chance(probability_by(dates, year))} of histories and by the end of "
            f"{last} in {chance(probability_by(dates, last))}; where it comes, half have it by {_when(each.when)}."
        )
        columns.append(column)
    return _answer("Which regional treaties are signed, and when?", said, columns, "treaties")


def _pairs(source: Any) -> dict | None:
    dyads, year = set(source.catalogue.dyads), _first_year(source)
    steps = [each.instrument.partition(".") for each in prospects(source.catalogue, source.members)]
    columns = [f"rung_month.{dyad}.{rung}" for dyad, _, rung in steps if dyad in dyads]
    if not columns:
        return None
    by = {column: probability_by(source.members[column], year) for column in columns}
    columns = sorted(columns, key=lambda column: -by[column].value)[:_FIRST]
    said = []
    for column in columns:
        _, dyad, rung = column.split(".")
        said.append(f"{named(dyad)} {RUNGS.get(rung, rung)} {chance(by[column])}")
    texts = [f"Likeliest between two states by the end of {year}: {listed(said)}."]
    column = f"new_treaties_{source.years[-1]}"
    if column in source.members:
        columns.append(column)
        texts.append(
            f"In all, {spread(summarise(source.members[column]))} new treaties of either kind by {source.years[-1]}."
        )
    return _answer("Which pairs of states draw closer?", texts, columns, "treaties")


def _conflict(source: Any) -> dict | None:
    if not np.isfinite(source.members.get("disputes_all", np.nan)).all():
        return None
    catalogue = source.catalogue
    span = simulated_years(catalogue)
    disputes = source.members["disputes_all"] * span
    clashes = {name: values * span for name, values in source.members.items() if name.startswith("clashes.")}
    quiet = share(float((disputes < 0.5).mean()))
    begin = f"From {_month(catalogue.branch)} to the end of {source.years[-1]} a history"
    without = "" if source.n_members == 1 else "; {} of histories have none"
    texts = [f"{begin} has {_count(disputes, 'disputes between states over water')}{without.format(quiet)}."]
    if not catalogue.region.disputes:
        texts = [f"{begin} has no disputes over water, since no river of the region is in the tables."]
    if clashes:
        total = np.sum(list(clashes.values()), axis=0)
        most = sorted(clashes, key=lambda name: -clashes[name].mean())[:2]
        where = f", most of them on {listed([named(name.removeprefix('clashes.')) for name in most])}"
        texts.append(
            f"It has {_count(total, 'armed clashes on borders')}{where if total.any() else ''}"
            f"{without.format(share(float((total < 0.5).mean())))}."
        )
    return _answer("How often do the states fall out?", texts, ["disputes_all", "clashes.*"], "rivers")


def _count(values: np.ndarray, what: str) -> str:
    if values.size == 1:
        return f"{round(values[0])} {what}"
    low, high = np.quantile(values, (0.1, 0.9), method="inverted_cdf")
    return f"on average {values.mean():.1f} {what} (middle 80 % of histories: {round(low)} to {round(high)})"


def _month(month: int) -> str:
    return f"{MONTHS[month % 12]} {month // 12}"


def _trade(source: Any) -> dict | None:
    texts, columns = [], []
    year, last = _first_year(source), source.years[-1]
    levels = [name for name in (f"trade_regional_{year}", f"trade_regional_{last}") if name in source.members]
    if levels:
        said = [f"{spread(summarise(source.members[name]))} in {name[-4:]}" for name in dict.fromkeys(levels)]
        many = in_letters(len(source.catalogue.region.core))
        texts.append(f"The {many} trade with each other, in billion dollars of the year: {listed(said)}.")
        columns += levels
    region = source.catalogue.region
    goal = f"goal_month.{region.axis}"
    if goal in source.members:
        dates = source.members[goal]
        reached = [
            f"{chance(probability_by(dates, at))} by the end of {at}" for at in (2030, 2034) if at in source.years
        ]
        if reached:
            texts.append(
                f"{named(region.axis)} trade has reached {region.goal:.0f} billion a year in {listed(reached)}."
            )
            columns.append(goal)
    gains = {state: source.members.get(f"integration_gain.{state}_{last}") for state in source.catalogue.states}
    gains = {state: values for state, values in gains.items() if values is not None}
    middle = {state: float(np.median(values)) for state, values in gains.items() if np.isfinite(values).all()}
    if middle and max(map(abs, middle.values())) < NO_GAIN:
        texts.append(f"Against a world without integration no state gains or loses {100 * NO_GAIN:g} % of income.")
        columns.append(f"integration_gain.*_{last}")
    elif middle:
        best, worst = max(middle, key=middle.__getitem__), min(middle, key=middle.__getitem__)
        texts.append(
            f"Against a world without integration {STATES[best]} gains most ({_percent(middle[best])} of income in "
            f"{last}) and {STATES[worst]} least ({_percent(middle[worst])})."
        )
        columns.append(f"integration_gain.*_{last}")
    return _answer("What becomes of trade?", texts, columns, "trade")


def _percent(value: float) -> str:
    return "0 %" if abs(value) < 5e-5 else f"{100 * value:+.2f} %".replace("-", "\N{MINUS SIGN}")


def _water(source: Any) -> dict | None:
    worst = {
        state: source.members[f"deficit_worst.{state}"]
        for state in source.catalogue.states
        if f"deficit_worst.{state}" in source.members
    }
    if not worst:
        return None
    middle = {state: float(np.median(values)) for state, values in worst.items() if np.isfinite(values).all()}
    if not middle:
        return None
    ranked = sorted(middle, key=lambda state: -middle[state])[:3]
    texts = [
        "In the worst year from the branch on, irrigation lacks "
        + listed([f"{share(middle[state])} of its demand in {STATES[state]}" for state in ranked])
        + ("." if source.n_members == 1 else " (medians of the histories).")
    ]
    return _answer("Is there water enough?", texts, [f"deficit_worst.{state}" for state in ranked], "rivers")


def _answer(question: str, texts: list[str], columns: list[str], figure_id: str) -> dict | None:
    if not texts:
        return None
    return {
        "question": question,
        "texts": [sentence(text) for text in texts],
        "columns": columns,
        "figure": figure_id,
    }


def side_by_side(sources: list[Any]) -> list[tuple[str, str, list[str]]]:
    """What scenarios are asked about first, one row each: label, column, and a text per scenario."""
    first, last = sources[0], sources[0].years[-1]
    at, rows = _first_year(first), []
    titles = {accord.id: accord.title for accord in first.catalogue.accords}
    for each in prospects(first.catalogue, first.members)[:_FIRST]:
        accord, _, part = each.instrument.partition(".")
        column = f"adopted_month.{accord}" if not part else f"rung_month.{each.instrument}"
        label = f"{named(accord)}: {RUNGS.get(part, part)}"
        if accord in titles:
            column = f"signed_month.{each.instrument}" if part else column
            label = f"{STATES[part]} joins “{titles[accord]}”" if part else f"“{titles[accord]}”"
        rows.append((f"{label}, by {at}", column, lambda values: chance(probability_by(values, at))))
    region = first.catalogue.region
    goal = f"goal_month.{region.axis}"
    by = 2034 if 2034 in first.years else last
    rows += [
        (f"New treaties by {last}", f"new_treaties_{last}", lambda values: spread(summarise(values))),
        (
            f"{named(region.axis)} trade reaches {region.goal:.0f} billion by {by}",
            goal,
            lambda v: chance(probability_by(v, by)),
        ),
        (
            f"Trade of the {in_letters(len(region.core))} in {last}, billion",
            f"trade_regional_{last}",
            lambda values: spread(summarise(values)),
        ),
        ("Disputes over water a year", "disputes_all", lambda values: spread(summarise(values))),
        (f"Integration index, end of {last}", f"index_{last}", lambda values: spread(summarise(values))),
        (f"Mean trust, end of {last}", f"trust_mean_{last}", lambda values: spread(summarise(values))),
    ]
    return [
        (label, column, [shown(each.members[column]) if column in each.members else "–" for each in sources])
        for label, column, shown in rows
        if column in first.members
    ]


def brief(source: Any) -> list[dict]:
    """The README's questions in five sentences: treaties, pairs, conflict, trade, and how sure; as :func:`answers`."""
    region = source.catalogue.region
    goal, found = f"goal_month.{region.axis}", []
    for each in (_treaties(source), _pairs(source), _conflict(source), _trade(source)):
        if each is None:
            continue
        texts, columns = each["texts"], each["columns"]
        if each["figure"] == "trade" and goal in columns:
            texts, columns = [next(text for text in texts if f" {region.goal:.0f} billion" in text)], [goal]
        elif each["figure"] == "treaties":
            rungs = [name for name in columns if name.startswith("rung_month")]
            texts, columns = texts[:1], rungs or columns[:1]
        first, *rest = (text.rstrip(".") for text in texts[:2])
        said = "; ".join([first, *(text[0].lower() + text[1:] for text in rest)])
        found.append({**each, "texts": [f"{said}."], "columns": columns})
    drawn = "parameters are drawn anew for each, " if _uncertain(source) else "all share one set of parameters, "
    found.append(
        {
            "question": "How sure is that?",
            "texts": [
                "This is one history: a percentage is that of one, with what one leaves open in brackets, other "
                "numbers are its own and have no interval, and the next history may be quite another; run it with "
                "--members 1000."
                if source.n_members == 1
                else f"These are shares of {source.n_members:,} histories and their middle 80 %: the bracket behind a "
                f"percentage is only what so many histories leave open; {drawn}and that the model itself may be "
                "wrong is in no interval, so trust differences between scenarios more than levels."
            ],
            "columns": ["drawn.*"] if _uncertain(source) else [],
            "figure": "",
        }
    )
    return found


def _uncertain(source: Any) -> bool:
    """Whether every history has its own parameters."""
    return bool(source.manifest.get("resolved", {}).get("run", {}).get("parameter_uncertainty", True))


def how_sure(source: Any) -> list[str]:
    """What the intervals hold and what they do not."""
    found = probability(source.n_members // 2, source.n_members)
    if source.n_members == 1:
        return [
            "One history is simulated. A percentage is that of one, and the range in brackets behind it says what one "
            "leaves open; other numbers are its own and have no interval. The next history may be quite another: run "
            "the scenario with more members before anything is read from it."
        ]
    said = [
        f"{source.n_members:,} histories are simulated. A percentage is the share of them; the range in brackets "
        f"behind it says only what so many histories leave open (at most ±{100 * (found.high - found.low) / 2:.0f} "
        "points here). Ranges behind other numbers hold the middle 80 % of the histories."
    ]
    said.append(
        "Every history draws its own parameters from what the record since 1992 supports, so that what the record "
        "leaves open is inside the percentages and bands. That the model itself may be wrong is not: read a percentage "
        "as the model’s, and differences between scenarios as firmer than levels."
        if _uncertain(source)
        else "All histories share one set of parameters: what the record leaves open about them is in no range here."
    )
    if source.manifest["failed"]:
        said.append(f"{sentence(histories(len(source.manifest['failed'])))} failed, left out.")
    return said
