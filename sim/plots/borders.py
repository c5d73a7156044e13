"""The land borders section by section: how much is settled, and how often people fight over the rest."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots import style
from sim.plots.data import View, month_name
from sim.plots.events import Happenings, happenings
from sim.plots.observed import as_year
from sim.plots.rivers import dot

_SHADES = {80: style.BANDS[80], 50: style.BANDS[50]}
_SHARES = {80: (0.1, 0.9), 50: (0.25, 0.75)}
_THICK = {80: 3.2, 50: 5.6}  # points
_BELOW, _WHOLE = -0.16, 0.999
_COLUMNS = 4
_SINCE = 2010  # clashes are on record from then on


def draw(view: View) -> Figure | None:
    """Two small panels a section; None for a run of states without land borders among them."""
    states = view.catalogue.states
    sections = [row for row in view.facts.borders if row.state_a in states and row.state_b in states]
    if not sections or view.monthly("borders_settled") is None:
        return None
    found = happenings(view, "settlement", "clash", "border-reopened")
    figure = style.sheet(
        4.95,
        "Borders section by section: settled share, and clashes",
        "Above: settled share of the line, mean of histories; the bar below it spans the years in "
        "which it is settled as a whole.\nBelow: clashes a year.",
        view.source,
    )
    pairs = [tuple(states.index(name) for name in (row.state_a, row.state_b)) for row in sections]
    rates = [clash_rate(view, found.between(*pair)) for pair in pairs]
    top = max(0.05, 1.15 * max(float(rate[1].max(initial=0)) for rate in rates))
    for number, (row, pair, rate) in enumerate(zip(sections, pairs, rates)):
        line, column = divmod(number, _COLUMNS)
        place = 0.55 + 1.7 * column, 1.12 + 1.8 * line
        name = f"{row.state_a}-{row.state_b}"
        upper, lower = style.place(figure, *place, 1.4, 0.85), style.place(figure, place[0], place[1] + 0.95, 1.4, 0.45)
        _settled(upper, view, settled_shares(view, found.between(*pair), 1 - row.unsettled_share_1992), name)
        _clashes(lower, view, rate, name, top)
        upper.set_title(name, weight="bold")
        if column == 0:
            upper.set_ylabel("settled")
            lower.set_ylabel("clashes")
        else:
            for axes in (upper, lower):
                axes.tick_params(labelleft=False)
    _counts(figure, view, found, sections, pairs)
    _key(figure, view)
    return figure


def settled_shares(view: View, found: Happenings, at_first: float) -> np.ndarray:
    """Settled share of one section at the end of each year of the run, (m, years), from its events."""
    catalogue = view.catalogue
    codes = {name: catalogue.kinds.index(name) for name in ("settlement", "border-reopened") if name in catalogue.kinds}
    found = found.select(np.isin(found.kind, list(codes.values())))
    found = found.select(np.argsort(found.month, kind="stable"))
    share = np.where(found.kind == codes["settlement"], found.value, 1 - found.value)
    numbers = np.asarray(view.members["member"]).astype(int)
    shares = np.full((numbers.size, len(catalogue.years)), at_first)
    for member, year, value in zip(found.member, found.year - catalogue.years[0], share):
        rows = slice(None) if member < 0 else np.searchsorted(numbers, member)
        shares[rows, max(year, 0) :] = value
    return shares


def clash_rate(view: View, found: Happenings) -> tuple[np.ndarray, np.ndarray]:
    """Simulated years, and clashes of one section a year in them, mean of histories; (k,) each."""
    clashes = found.select(found.kind == view.catalogue.kinds.index("clash")).simulated
    years = np.asarray(view.catalogue.years)
    counts = np.bincount(clashes.year - years[0], minlength=years.size) / max(view.n_members, 1)
    part = np.clip(years + 1 - view.branch, 1 / 12, 1)
    simulated = years + 1 > view.branch + 1e-9
    return years[simulated], (counts / part)[simulated]


def documented_of(view: View, kind: str, name: str) -> list:
    """Events of the record of one kind and section, by date."""
    rows = [
        event
        for event in view.facts.events
        if event.used and event.kind == kind and "-".join(sorted(event.parties)) == name
    ]
    return sorted(rows, key=lambda event: event.date)


def settled_dates(shares: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Year, (m,), at whose end the section was first settled as a whole in each history; inf for never."""
    whole = shares > _WHOLE
    return np.where(whole.any(axis=1), years[whole.argmax(axis=1)] + 1.0, np.inf)


def _settled(axes: Axes, view: View, shares: np.ndarray, name: str) -> None:
    years = np.asarray(view.catalogue.years)
    dates = settled_dates(shares, years)
    if (dates > view.branch).any():
        for band, edges in _SHARES.items():
            low, high = np.minimum(np.quantile(dates, edges, method="inverted_cdf"), view.end)
            axes.plot([low, high], [_BELOW] * 2, color=_SHADES[band], linewidth=_THICK[band], zorder=2)
    axes.plot(years + 1.0, shares.mean(axis=0), color=style.MEDIAN, linewidth=1.0, drawstyle="steps-post")
    for event in documented_of(view, "settlement", name):
        when = as_year(event.date)
        if view.start <= when < view.end:
            mark = dot()
            mark.set_data([when], [event.value])
            mark.set(zorder=5, clip_on=False, gid=f"documented settlement {name} {event.date}")
            axes.add_line(mark)
    axes.set_ylim(_BELOW - 0.08, 1.05)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    style.year_axis(axes, view.start, view.end, 3)
    axes.tick_params(labelbottom=False)
    style.branch_line(axes, view.branch)


def _clashes(axes: Axes, view: View, rate: tuple[np.ndarray, np.ndarray], name: str, top: float) -> None:
    years, found = rate
    axes.bar(years + 0.5, found, 0.9, color=style.BANDS[50], linewidth=0)
    for event in documented_of(view, "clash", name):
        when = as_year(event.date)
        if view.start <= when < view.end:
            mark = dot(bool(event.value), 3.4, "v")
            mark.set_data([when], [0.88 * top])
            mark.set(zorder=5, gid=f"documented clash {name} {event.date}")
            axes.add_line(mark)
    axes.set_ylim(0, top)
    axes.locator_params(axis="y", nbins=3)
    style.year_axis(axes, view.start, view.end, 3)
    style.branch_line(axes, view.branch)


def _counts(figure: Figure, view: View, found: Happenings, sections, pairs) -> None:
    """In the eighth place: how many clashes there were since 2010, or since the branch, beside the record."""
    first = max(_SINCE, view.start)
    last = view.record_end if view.branch < view.record_end - 1 else view.end
    first = first if view.branch <= first else view.branch
    clashes = found.select(found.kind == view.catalogue.kinds.index("clash")).simulated
    clashes = clashes.select((clashes.month >= round(first * 12)) & (clashes.month < round(last * 12)))
    numbers = np.asarray(view.members["member"]).astype(int)
    axes = style.place(figure, 0.55 + 1.7 * 3 + 0.55, 1.12 + 1.8 + 0.06, 0.85, 1.3)
    for row, (section, pair) in enumerate(zip(sections, pairs)):
        own = np.searchsorted(numbers, clashes.between(*pair).member)
        counts = np.bincount(own, minlength=numbers.size)
        low, high = np.quantile(counts, (0.1, 0.9))
        axes.plot([low, high], [row, row], color=style.BANDS[80], linewidth=3.4, solid_capstyle="butt")
        axes.plot([counts.mean()], [row], marker="|", markersize=6, color=style.MEDIAN, linestyle="")
        name = f"{section.state_a}-{section.state_b}"
        if last <= view.record_end + 1e-9:
            record = sum(first - 1e-9 <= as_year(event.date) < last for event in documented_of(view, "clash", name))
            mark = dot()
            mark.set_data([record], [row])
            mark.set(zorder=5, clip_on=False, gid=f"documented clashes {name}")
            axes.add_line(mark)
    axes.set_yticks(range(len(sections)), [f"{row.state_a}-{row.state_b}" for row in sections])
    axes.set_ylim(len(sections) - 0.5, -0.5)
    axes.set_xlim(left=-0.3)
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=4, integer=True)
    end = f"{month_name(last - 1 / 12).split()[1]}"
    axes.set_title(f"clashes {first:.0f}\u2013{end}" if first % 1 < 1e-9 else f"clashes to {end}", loc="right")


def _key(figure: Figure, view: View) -> None:
    handles = [Line2D([], [], color=style.MEDIAN, linewidth=1.0)]
    handles += [Line2D([], [], color=_SHADES[band], linewidth=_THICK[band]) for band in (50, 80)]
    handles += [dot(), dot(True, 3.4, "v"), dot(False, 3.4, "v")]
    labels = ["mean", "50 %", "80 % of histories", "documented", "clash with deaths or arms", "clash without"]
    if view.start < view.branch < view.end:
        handles.append(Line2D([], [], color=style.INK, linewidth=0.7, linestyle=(0, (4, 2))))
        labels.append(f"simulated from {month_name(view.branch)}")
    style.key(figure, 0.68, handles, labels)
