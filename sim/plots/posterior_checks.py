"""The calibration's free run beside the record: one number of a whole history a row."""

from matplotlib.figure import Figure

from sim.outcomes.posterior_checks import Check, stored_checks
from sim.outcomes.view import View
from sim.plots import colours, style

_ROW, _LEFT = 0.36, 3.0  # inches
_EDGES = {95: ("q2.5", "q97.5"), 80: ("q10", "q90"), 50: ("q25", "q75")}
_THICK = {95: 2.0, 80: 5.0, 50: 9.0}  # points


def draw(view: View) -> Figure | None:
    """A row a check; None where the run's calibration has none."""
    checks = stored_checks(view)
    if not checks:
        return None
    inside = sum(each.inside for each in checks)
    sheet = style.Sheet(
        0.08 + _ROW * len(checks) + 0.12,
        "Does the model, left to itself, make a past like the recorded one?",
        f"The record lies inside the middle 80 % of histories in {inside} of {len(checks)} checks.",
        "Each row has a scale of its own, from zero.  Histories of the free run from 1992 to June 2025, from the draws "
        "of the calibration that this run uses; they are stored with it and not of this run.  To the right: share of "
        "histories with at most, at least, and exactly what is recorded.",
        f"{checks[0].members:,} histories of model version {checks[0].model_version}.  {view.origin}",
    )
    for number, each in enumerate(checks):
        _row(sheet, each, 0.08 + _ROW * number)
    keys = {f"{band} % of histories": style.patch(colours.BANDS[band]) for band in (50, 80, 95)}
    sheet.key({"median": style.line(), **keys, "recorded": style.mark("D", 3.8)})
    return sheet.figure


def _row(sheet: style.Sheet, check: Check, top: float) -> None:
    width = style.WIDTH - _LEFT - 1.15
    axes = sheet.place(_LEFT, top, width, _ROW - 0.16)
    for band, (low, high) in _EDGES.items():
        ends = [max(check.quantiles[low] - 0.15, 0.0), check.quantiles[high] + 0.15]  # no count lies below zero
        axes.plot(ends, [0, 0], color=colours.BANDS[band], linewidth=_THICK[band], solid_capstyle="butt")
    axes.plot([check.quantiles["q50"]] * 2, [-0.6, 0.6], color=colours.MEDIAN, linewidth=1.2)
    style.put(axes, style.mark("D", 3.8), check.record, 0.0)
    most = max(check.quantiles["q97.5"], check.record, 4.0)
    axes.set_xlim(-0.03 * most, 1.06 * most)
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5, integer=True)
    axes.spines["left"].set_visible(False)
    middle = top + (_ROW - 0.16) / 2
    sheet.say(check.name.replace("-", "\u2013"), 0.08, middle, va="center")
    shares = [f"{100 * share:.0f} %" for share in (check.at_most, check.at_least, check.exact)]
    text = f"{check.record:.0f} {check.unit}\n{', '.join(shares)}"
    sheet.say(text, _LEFT + width + 0.1, middle, va="center", color=colours.RECORD)
