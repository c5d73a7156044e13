"""What is being built on the rivers, as expected in mid-2025: a canal, two dams, a power line, more demand in winter.

The dates differ from member to member; a scenario that says itself what becomes of the canal or of a dam overrules what
is expected of it, and `water.expected = "none"` leaves all of it out. Volumes and dates: `river_parameters.csv`.
"""

import math

from sim.engine.compiled import compiled
from sim.engine.side_by_side import where
from sim.processes.rivers.reservoirs import build_dam

SINCE = 2025 * 12 + 6  # month from which expectations run
KAMBARATA_YEARS = 2.0  # a small reservoir: two years of filling
CANAL, ROGUN, KAMBARATA = "qosh_tepa", "rogun", "kambarata_1"
POWER, LINE = "winter power", "line to South Asia"


@compiled
def reached(month, full_year):
    """Share of its full intake that a canal takes, growing evenly from SINCE on until the year `full_year`; 0-1."""
    years = full_year - SINCE / 12.0
    if month < SINCE:
        return 0.0
    return min(1.0, (month - SINCE) / 12.0 / years) if years > 0.0 else 1.0


@compiled
def build_expected(rivers, given, params, month):
    """The canal takes what it has been dug for, and dams close in the year in which a member expects it; in place."""
    table = given.table
    if table.canal >= 0:
        share = reached(month, params.water_qosh_tepa_full)
        rivers.account.diverted[table.canal] = params.water_qosh_tepa_volume * share
    if table.rogun >= 0 and month >= 12.0 * params.water_rogun_closed:
        build_dam(rivers, given, table.rogun, params.water_rogun_years, False)
    if table.kambarata >= 0 and month >= 12.0 * params.water_kambarata_closed:
        build_dam(rivers, given, table.kambarata, KAMBARATA_YEARS, False)


@compiled
def summer_sales(given, params, k, month):
    """Million USD a year by which summer power of dam k earns more than winter power, once the line is there."""
    if given.table.seller != k:
        return 0.0
    return where(month >= 12.0 * params.water_line_opens, params.water_line_worth, 0.0)


@compiled
def winter_need(given, params, i, month):
    """Power in TWh that state i needs from its rivers in the winter that ends in this month."""
    years = max(0.0, (month - SINCE) / 12.0) if given.table.growing_need == 1 else 0.0
    return given.table.winter_need[i] * math.exp(params.water_power_growth * years)
