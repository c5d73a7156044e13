"""The picture of questions asked years ahead: gain over climatology by lead and kind, and reliability by lead."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import beta

from sim.hindcast.leads.questions import ASKED
from sim.hindcast.leads.scores import Bin, LeadScore, lead_scores, reliability
from sim.hindcast.leads.tables import AHEAD
from sim.plots import colours, style
from sim.plots.files import save
from sim.runs.errors import explained
from sim.words import signed

_HIGH, _SKILL = 1.42, 1.75  # inches
_NAMES = {"engine": (colours.MEDIAN, "o"), "climatology": (colours.RECORD, "s")}


def write_lead_plots(found: Any, folder: Path) -> list[Path]:
    """The picture, of a `sim.hindcast.leads.study.Leads`."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        return save(draw_leads(found), folder, "leads")


def draw_leads(found: Any) -> Figure:
    """Above, a panel a lead: share that came against the chance given; below, the gain by kind of question."""
    scores, bins = lead_scores(found.asked), reliability(found.asked)
    whole = {each.lead: each for each in scores if each.kind == "all"}
    ahead = [lead for lead, each in whole.items() if each.over_climatology[0] > 0]
    heads = (
        "Are questions about the next months and years answered better than by the past?",
        f"Better than the ten years before at {len(ahead)} of {len(whole)} leads; gains over a coin: "
        + ", ".join(signed(each.over_coin[0], 2) for each in whole.values())
        + " nats a question.",
        "Above: share of questions that came true against the chance given, on the line is right; bars are 80 % "
        "intervals as if questions were independent.  Below: mean gain in log score over climatology, nats a question, "
        "with 90 % intervals over blocks of origins.",
        f"{len(found.seconds)} origins, {found.members} members each, fitted on what was known.  Rule and tables: "
        "docs/forecasts.md.",
    )
    leads = list(whole)
    sheet, panels = style.panels(
        len(leads), len(leads), _HIGH, heads, left=0.55, gap=0.28, above=0.2, below=0.42, below_all=_SKILL
    )
    sheet.key({name: style.mark(shape, 3.5, colour, colour) for name, (colour, shape) in _NAMES.items()})
    for axes, lead in zip(panels, leads):
        _reliability(axes, [each for each in bins if each.lead == lead])
        axes.set_title(f"{AHEAD[lead]} ahead")
        axes.set_xlabel("chance given")
    panels[0].set_ylabel("share that came true")
    _skill(sheet, scores, leads)
    return sheet.figure


def _reliability(axes: Axes, bins: list[Bin]) -> None:
    axes.plot([0, 1], [0, 1], color=colours.GREY, linewidth=0.7)
    for rule, (colour, shape) in _NAMES.items():
        mine = [each for each in bins if each.rule == rule]
        shift = 0.008 if rule == "engine" else -0.008
        for each in mine:
            seen = each.came * each.questions
            low, high = beta.ppf([0.1, 0.9], [seen + 0.5] * 2, [each.questions - seen + 0.5] * 2)
            axes.plot([each.chance + shift] * 2, [low, high], color=colour, linewidth=0.8)
            style.put(axes, style.mark(shape, 3, colour, colour), each.chance + shift, each.came)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([0.0, 0.5, 1.0])
        style.percent_axis(axis)


def _skill(sheet: style.Sheet, scores: list[LeadScore], leads: list[int]) -> None:
    """Mean gain of each kind, a group a lead, and of all questions together."""
    kinds = ["all", *(kind for kind in ASKED if any(each.kind == kind for each in scores))]
    axes = sheet.place(0.55, 0.2 + _HIGH + 0.42 + 0.22, style.WIDTH - 0.7, _SKILL - 0.58)
    axes.axhline(0, color=colours.GREY, linewidth=0.7)
    for each in scores:
        at = kinds.index(each.kind) + (leads.index(each.lead) - (len(leads) - 1) / 2) * 0.19
        colour = colours.RUNGS[1] if each.over_climatology[0] < 0 else colours.MEDIAN
        axes.bar(at, each.over_climatology[0], width=0.17, color=colour)
        axes.plot([at, at], each.over_climatology[1:], color=colours.INK, linewidth=0.8)
    axes.set_xticks(range(len(kinds)), [style.lines(kind, 14) for kind in kinds])
    axes.set_ylabel("gain, nats")
    axes.set_xlim(-0.6, len(kinds) - 0.4)
    names = ", ".join(AHEAD[lead] for lead in leads)
    axes.set_title(f"gain over the ten years before, by kind of question; bars from left to right: {names}")
    axes.yaxis.set_major_formatter(lambda value, _: signed(value, 2) if value else "0")
    values = np.array([[*each.over_climatology] for each in scores])
    low, high = np.nanmin(values), np.nanmax(values)
    axes.set_ylim(min(low, 0) - 0.05 * (high - low), max(high, 0) + 0.05 * (high - low))
