"""Two rivers for tests of inputs: a northern one with two sources and dams of AA above fields, a southern one of BB."""

from by_hand.river_facts import EVEN, inflow_year, observation, pair, river_facts, watched

STATES = ("AA", "BB", "CC")
FIELDS = {"kind": "demand", "shape": "even"}
NODES = {
    "in_high": {"kind": "inflow", "to": "new_dam", "group": "snow", "states": ("AA",)},
    "in_side": {"kind": "inflow", "to": "upper", "group": "ice", "states": ("AA",)},
    "new_dam": {"kind": "reservoir", "to": "high_dam", "rule": "guide", "states": ("AA",), "switch": "rogun"},
    "high_dam": {"kind": "reservoir", "to": "upper", "rule": "decision", "states": ("AA",), "river": "Vakhsh"},
    "upper": {"kind": "junction", "to": "sea", "section": "stretch", "states": ("BB",)},
    "sea": {"kind": "sink", "shape": "even", "states": ("AA", "BB")},
    "in_south": {"kind": "inflow", "to": "lake", "group": "rain", "states": ("ZZ",)},
    "lake": {"kind": "reservoir", "to": "lower", "rule": "decision", "states": ("BB",), "river": "Brook"},
    "lower": {"kind": "junction", "to": "pond", "section": "plain", "states": ("BB",)},
    "pond": {"kind": "sink", "shape": "even"},
    "fields_b": FIELDS | {"to": "upper", "states": ("BB",)},
    "fields_a": FIELDS | {"to": "upper", "states": ("AA",)},
    "more_a": FIELDS | {"to": "upper", "states": ("AA",)},
    "shared": FIELDS | {"to": "upper", "states": ("AA", "BB")},
    "canal": FIELDS | {"to": "upper", "states": ("CC",), "rule": "first", "switch": "qosh_tepa"},
    "fields_z": FIELDS | {"to": "upper", "states": ("ZZ",)},
    "south_a": FIELDS | {"to": "lower", "states": ("AA",)},
}
SUMMER = [0.0] * 5 + [1 / 7] * 7
NUMBERS = {
    "shape:even": {"fractions": EVEN},
    "shape:evaporation": {"fractions": EVEN},
    "group:snow": {"variation": 0.25},
    "group:ice": {"variation": 0.125},
    "group:rain": {"variation": 0.5},
    "in_high": {"inflow": [1.0] * 12},
    "in_side": {"inflow": [0.5] * 12},
    "in_south": {"inflow": [2.0] * 12},
    "new_dam": {"full": 9.0, "dead": 1.0, "guide": [1.0] * 12, "initial_storage": 5.0, "filling_years": 7.0},
    "high_dam": {
        "full": 8.0, "dead": 1.0, "initial_storage": 4.0, "annual_volume": 12.0, "reference_storage": 6.0,
        "reference_storage_before_2014": 5.0, "storage_feedback": 0.25, "mode_share": 0.375,
        "irrigation_profile": SUMMER, "power_profile": EVEN,
    },
    "lake": {
        "full": 6.0, "dead": 1.0, "initial_storage": 3.0, "annual_volume": 10.0, "reference_storage": 3.5,
        "storage_feedback": 0.5, "mode_share": 0.75, "irrigation_profile": EVEN, "power_profile": SUMMER,
        "barter": 20.0, "volume_noise": 0.75,
    },
    "upper": {"return_delay": 6.0},
    "fields_b": {"limit": 12.0, "return_share": 0.5},
    "fields_a": {"limit": 3.0},
    "more_a": {"limit": 5.0},
    "shared": {"limit": 24.0},
    "canal": {"limit": 6.0},
    "fields_z": {"limit": 36.0},
    "south_a": {"limit": 48.0},
    "state:AA": {"winter_power_need": 9.0, "power_import_limit": 2.0, "power_import_cost": 0.01},
    "state:BB": {"winter_power_need": 4.0},
}  # fmt: skip
TABLES = {
    "pairs": [pair("BB", "AA", "north"), pair("CC", "ZZ", "north"), pair("BB", "AA", "far"), pair("BB", "CC", "south"),
              pair("CC", "AA", "north", "none")],
    "watched": [watched("storage", "lake"), watched("inflow", "pond"), watched("storage", "high_dam"),
                watched("inflow", "sea")],
    "inflow_years": [inflow_year(1991, "snow", 9.0), inflow_year(1992, "snow", 0.75), inflow_year(1994, "ice", 1.25),
                     inflow_year(2051, "snow", 1.5), inflow_year(2052, "snow", 9.0)],
    "observations": [observation("2005-04-01", "high_dam_storage", 2.0), observation("2010-10-16", "lake_storage", 3.0),
                     observation("2020-08-15", "lake_storage", 4.0), observation("2020-09-01", "lake_storage", 9.0),
                     observation("2005-04", "high_dam_storage", 9.0), observation("2005-04-01", "high_dam", 9.0),
                     observation("2005-04-01", "other_storage", 9.0)],
    "parameters": ["water.volume_noise_naryn", "water.volume_noise_vakhsh", "water.other_ice_since_2018"],
}  # fmt: skip
SECTIONS = {"stretch": ("north", 0.25), "plain": ("south", 0.25)}


def two_rivers(nodes=NODES, numbers=NUMBERS, **tables):
    return river_facts(nodes, numbers, SECTIONS, **TABLES | tables)
