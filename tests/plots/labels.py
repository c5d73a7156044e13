"""Where the texts of a figure lie, as they are drawn."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def drawn_texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text with its box in pixels; tick labels only where their tick is drawn."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    labels, shown = set(), []
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.majorTicks, *axis.minorTicks):
                labels |= {id(tick.label1), id(tick.label2)}
                if low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    shown += [tick.label1, tick.label2]
    shown += [text for text in figure.findobj(Text) if id(text) not in labels]
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in shown
        if text.get_visible() and text.get_text().strip()
    ]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes share more than half a pixel either way."""
    found = []
    for (one, first), (other, second) in combinations(drawn_texts(figure), 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        if wide > 0.5 and high > 0.5:
            found.append((one, other))
    return found


def outside(figure: Figure) -> list[str]:
    """Texts that reach beyond the figure."""
    page = figure.bbox
    return [
        text
        for text, box in drawn_texts(figure)
        if box.x0 < page.x0 - 0.5 or box.x1 > page.x1 + 0.5 or box.y0 < page.y0 - 0.5 or box.y1 > page.y1 + 0.5
    ]
