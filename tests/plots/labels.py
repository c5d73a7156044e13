"""Where the texts of a figure lie, as they are drawn."""

from itertools import combinations

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def drawn_texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with its box in pixels."""
    shown, draw = [], Text.draw

    def noted(self, renderer):
        if self.get_visible() and self.get_text().strip():
            shown.append((self.get_text(), self.get_window_extent(renderer)))
        draw(self, renderer)

    Text.draw = noted
    try:
        figure.draw(RendererAgg(*figure.bbox.size, figure.dpi))
    finally:
        Text.draw = draw
    return shown


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
