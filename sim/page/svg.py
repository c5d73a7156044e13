"""Static pictures for readers without scripts: small SVG files inside the page."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

WIDTH, HEIGHT = 680, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 10, 24
BANDS = ("#d3e3f1", "#9dc3e1", "#5599c8")
MEDIAN, INK, GREY, RECORD = "#12355b", "#1a1a1a", "#595959", "#b34700"


class Sheet:
    """A drawing of so many pixels; ``markup`` is the finished picture with its title for those who do not see it."""

    def __init__(self, width: float, height: float) -> None:
        self.size, self.parts = (width, height), []

    def add(self, tag: str, text: str | None = None, **attributes) -> None:
        """One element; underscores in names of attributes become hyphens."""
        shown = " ".join(
            f'{name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items()
        )
        self.parts.append(f"<{tag} {shown}/>" if text is None else f"<{tag} {shown}>{escape(text)}</{tag}>")

    def markup(self, title: str, css: str = "static") -> Markup:
        """The picture."""
        width, height = self.size
        return Markup(
            f'<svg class="{css}" viewBox="0 0 {width:g} {height:g}" role="img" '
            f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(self.parts)}</svg>'
        )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers inside a range."""
    if not high > low:
        return [low]
    raw = (high - low) / most
    base = 10.0 ** np.floor(np.log10(raw))
    step = next(base * k for k in (1, 2, 2.5, 5, 10) if base * k >= raw)
    first = np.ceil(low / step - 1e-9) * step
    return [float(round(value, 12)) for value in np.arange(first, high + step * 1e-6, step)]


def fan(years: Sequence[int], rows: Sequence[Sequence], branch: float, title: str, percent: bool) -> Markup:
    """Bands of 95, 80 and 50 % with the median; ``rows`` as from :func:`sim.page.fans.bands`."""
    values = np.array([[np.nan if each is None else each for each in row] for row in rows], float)
    if not np.isfinite(values).any():
        return Markup("")
    values = values * (100 if percent else 1)
    low, high = float(np.nanmin(values[1:6])), float(np.nanmax(values[1:6]))
    low, high = min(low, 0.0) if low < 0.25 * high else low, high
    pad = 0.06 * (high - low or abs(high) or 1)
    low, high = low - (pad if low else 0), high + pad
    sheet = Sheet(WIDTH, HEIGHT)

    def x(year: float) -> float:
        return round(_LEFT + (year - years[0]) / max(years[-1] + 1 - years[0], 1) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        kept = min(max(value, low), high)
        return round(HEIGHT - _BOTTOM - (kept - low) / (high - low) * (HEIGHT - _TOP - _BOTTOM), 1)

    for tick in ticks(low, high):
        sheet.add("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y(tick), y2=y(tick), stroke="#e3e3e3")
        label = f"{tick:,.10g}" + (" %" if percent else "")
        sheet.add("text", label, x=_LEFT - 5, y=y(tick) + 4, text_anchor="end", font_size=11, fill=GREY)
    for tick in ticks(years[0], years[-1] + 1, 6):
        sheet.add("text", f"{tick:.0f}", x=x(tick), y=HEIGHT - 7, text_anchor="middle", font_size=11, fill=GREY)
    known = np.isfinite(values[3])
    points = [(x(year + 1), column) for year, column, there in zip(years, values.T, known) if there]
    for edge, colour in enumerate(BANDS):
        there = [f"{px},{y(column[edge])}" for px, column in points]
        back = [f"{px},{y(column[6 - edge])}" for px, column in reversed(points)]
        sheet.add("polygon", points=" ".join(there + back), fill=colour)
    line = " ".join(f"{px},{y(column[3])}" for px, column in points)
    sheet.add("polyline", points=line, fill="none", stroke=MEDIAN, stroke_width=1.6)
    if years[0] < branch < years[-1]:
        sheet.add("line", x1=x(branch), x2=x(branch), y1=_TOP, y2=HEIGHT - _BOTTOM, stroke=INK, stroke_dasharray="4 3")
    return sheet.markup(title)


def intervals(rows: Sequence[dict], title: str, zero: bool = False, dates: bool = False) -> Markup:
    """A dot or a median with its bands per row: each has ``label`` and ``at`` (a value) or ``q`` (five quantiles)."""
    if not rows:
        return Markup("")
    left, line = 250, 17
    height = _TOP + line * len(rows) + _BOTTOM
    values = [value for row in rows for value in ([row["at"]] if row.get("q") is None else row["q"])]
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    pad = 0.03 * (high - low or 1)
    low, high = low - pad, high + pad
    sheet = Sheet(WIDTH, height)

    def x(value: float) -> float:
        return round(left + (value - low) / (high - low) * (WIDTH - left - _RIGHT - 8), 1)

    for tick in ticks(low, high, 6):
        sheet.add(
            "line", x1=x(tick), x2=x(tick), y1=_TOP, y2=height - _BOTTOM, stroke="#bbb" if tick == 0 else "#e9e9e9"
        )
        label = f"{tick:.0f}" if dates else f"{tick:,.10g}"
        sheet.add("text", label, x=x(tick), y=height - 7, text_anchor="middle", font_size=11, fill=GREY)
    for place, row in enumerate(rows):
        middle = _TOP + line * (place + 0.5)
        label = row["label"] if len(row["label"]) <= 44 else row["label"][:43] + "…"
        sheet.add("text", label, x=left - 8, y=middle + 4, text_anchor="end", font_size=11, fill=INK)
        if row.get("q") is None:
            sheet.add("circle", cx=x(row["at"]), cy=middle, r=3.4, fill=row.get("colour", RECORD))
            continue
        q = row["q"]
        for first, last, wide in ((0, 4, 4), (1, 3, 8)):
            sheet.add(
                "line",
                x1=x(q[first]),
                x2=x(q[last]),
                y1=middle,
                y2=middle,
                stroke=row.get("colour", BANDS[2]),
                stroke_opacity=0.45 if wide == 4 else 0.9,
                stroke_width=wide,
            )
        sheet.add("circle", cx=x(q[2]), cy=middle, r=3.4, fill="#fff", stroke=MEDIAN, stroke_width=1.5)
    return sheet.markup(title)
