"""The declaration of trade: what one member's trade holds, and what all members share of it."""

import numpy as np

from sim.engine.layout import MAX_ACCORDS, MAX_YEARS, REAL, WHOLE
from sim.engine.process import FIXED, Channel, Field, Process, channel_fields

PROCESS = Process(
    "trade",
    state={
        "commerce": (
            Field("log_volume", ("economy",), np.nan, "log of the volume of GDP"),
            Field("drift", ("economy",), None, "median growth of this member's economy"),
            Field("deflator", (), np.nan, "current per constant 2021 USD"),
            Field("inflation", (), None, "of the year, log points"),
            Field("residual", ("pair",), np.nan, "what costs and sizes do not explain, log points"),
            Field("level", ("pair",), np.nan, "to which the residual decays, log points"),
            Field("phased", ("pair",), 0.0, "tariff content in effect beyond the record's"),
            Field("cost", ("pair",), np.nan, "cost term, log points"),
            Field("cost_base", ("pair",), None, "of the base year"),
            Field("cost_branch", ("pair",), np.nan, "of the year, had nothing changed since the record ended"),
            Field("cost_alone", ("pair",), np.nan, "of the year, had the states no integration among them"),
            Field("log_trade", ("pair",), np.nan, "log, constant 2021 USD"),
            Field("usd", ("pair",), np.nan, "the same in constant 2021 USD"),
            Field("gain", ("economy",), 0.0, "relative, against the same year with the costs of the branch"),
            Field(
                "integration_gain",
                ("economy",),
                np.nan,
                "relative, against the same year without integration",
            ),
            Field("shapley", ("state",), np.nan, "share in it, current USD of the base year; of the run's last year"),
            Field("depth", ("dyad",), 0.0, "of the treaties two states have"),
            Field("depth_branch", ("dyad",), 0.0, "when the record ended"),
            Field("content", ("dyad",), None, "free-trade content of their accords beyond the record's"),
            Field("passage", ("dyad",), None, "share of the crossings open this year"),
            Field("closed", ("dyad",), None, "share of this year closed"),
            Field("passage_sum", ("dyad",), 0.0, "over the months of this year"),
            Field("closed_sum", ("dyad",), 0.0, "the same of the share closed"),
            Field("crossing_branch", ("dyad",), 1.0, "share of crossings open in the engine when the record ended"),
            Field("figure_sum", ("state",), 0.0, "trade with the other states over GDP, documented years"),
            Field("figure_count", ("state",), 0.0, "documented years"),
            Field("failure", (), 0, "code of what went wrong, 0 if nothing did", whole=True),
            Field("size_change", ("pair",), None, "of both log sizes since the base year"),
            Field("cost_change", ("pair",), None, "since the base year"),
            Field("own_spread", ("pair",), None, "of the pair's own yearly shock"),
            Field("normals", ("pair",), 0.0, "of the year's shocks; none while the record runs"),
            Field("uniforms", ("pair", "of_four"), None, "random numbers of four years; working space"),
            Field("draws", ("pair", "of_four"), None, "standard normals of four years"),
            Field("growth_normals", ("economy",), None, "standard normals of growth, and of its drift"),
            Field("growing", ("economy",), None, "growth of this year without its shock"),
            Field("log_change", ("economy", "importer"), None, "change of costs, log points of trade"),
            Field("shifted", ("economy", "importer"), None, "freeness after it"),
            Field("turned", ("importer", "economy"), None, "the transpose of that, or of `alone`; working space"),
            Field("outward", ("economy",), 1.0, "resistances; later years start from the year before"),
            Field("inward", ("economy",), None, "resistances"),
            Field("step", ("economy",), None, "working space"),
            Field("gdp", ("economy",), None, "of the year, constant 2021 USD"),
            Field("share", ("economy",), None, "domestic shares; working space"),
            Field("alone", ("economy", "importer"), None, "freeness without integration"),
            Field("log_integration", ("economy", "importer"), None, "what integration is worth, log points"),
            Field("outward_alone", ("economy",), 1.0, "resistances without integration"),
            Field("outward_integrated", ("economy",), None, "and with it"),
            Field("share_alone", ("economy",), None, "domestic shares without integration"),
        )
    },
    own_channels=(
        Channel("common_key", "trade"),
        Channel("pair_key", "trade:{pair}", ("pair",)),
        Channel("growth_key", "growth:{economy}", ("economy",)),
        Channel("world_growth_key", "growth"),
        Channel("price_key", "prices"),
    ),
    parameters=("trade",),
)


def trade_axes(economies: int, pairs: int, states: int) -> dict[str, int]:
    """How many entries the axes of declared fields of trade have."""
    dyads = states * (states - 1) // 2
    return {**FIXED, "economy": economies, "importer": economies, "pair": pairs, "state": states, "dyad": dyads}


def trade_fields(economies: int, pairs: int, states: int) -> list[tuple]:
    """Fields of the record of trade that all members share; years count from the run's first."""
    dyads = states * (states - 1) // 2
    return [
        ("first_year", WHOLE),
        ("exists", WHOLE),  # 0/1, there are figures of trade at all
        ("end_a", WHOLE, pairs),  # economy
        ("end_b", WHOLE, pairs),
        ("dyad", WHOLE, pairs),  # dyad of two states, -1 for a pair with an outsider
        ("regional", WHOLE, pairs),  # 0/1, counts as intra-regional
        ("axis", WHOLE),  # the pair that is followed first, -1 for none
        ("spread_factor", REAL, pairs),
        ("documented", REAL, (MAX_YEARS, pairs)),  # log, constant 2021 USD; nan without a figure
        ("usd", REAL, (MAX_YEARS, pairs)),  # the same in constant 2021 USD
        ("log_base", REAL, pairs),
        ("size_base", REAL, pairs),  # both log sizes, summed
        ("covers", REAL, (pairs, 2)),  # share of the trade in the base year of each end, over its pairs
        ("log_volume", REAL, (MAX_YEARS, economies)),  # nan after the record
        ("last_sized", WHOLE, economies),  # last year with a documented size
        ("deflator", REAL, MAX_YEARS),  # current per constant USD; nan after the record
        ("depth_base", REAL, pairs),  # treaty depth in the base year
        ("passage", REAL, (MAX_YEARS, pairs)),  # documented share of crossings open
        ("closed", REAL, (MAX_YEARS, pairs)),  # documented share of the year closed
        ("passage_base", REAL, pairs),
        ("closed_base", REAL, pairs),
        ("imposed", REAL, (MAX_YEARS, pairs)),  # share of the delivered price saved by corridors, less penalties
        ("tariff", REAL, (MAX_YEARS, pairs)),  # content that the scenario adds to or takes from the record's
        ("quicker", REAL, (MAX_YEARS, pairs)),  # log points of time at the border saved
        ("free_trade", REAL, MAX_ACCORDS),  # free-trade content among the parties of an accord, 0-1
        ("standing", REAL, dyads),  # free-trade content of the record when it ends
        ("passage_branch", REAL, dyads),  # share of crossings open when the record ends
        ("closed_branch", REAL, dyads),  # 0/1, border closed to goods when the record ends
        ("passage_before", REAL, dyads),  # sum over the months of the branch year before the branch
        ("closed_before", REAL, dyads),
        ("months_before", WHOLE),  # of the branch year before the branch
        ("growth", REAL, economies),  # median drift
        ("growth_is_state", WHOLE, economies),  # 0/1, under trade.growth_scale
        ("drift_spread", REAL, economies),
        ("yearly_spread", REAL, economies),
        ("growth_set", REAL, (MAX_YEARS, economies)),  # growth a scenario holds, log points; nan where it does not
        ("freeness", REAL, (economies, economies)),  # of the base year
        ("output", REAL, economies),  # current USD of the base year
        ("expenditure", REAL, economies),
        ("home_share", REAL, economies),
        ("gdp", REAL, economies),  # current USD of the base year
        ("gdp_base", REAL, economies),  # the same in constant 2021 USD
        ("log_volume_base", REAL, economies),  # log of the volume of GDP in the base year
        ("shocks_from", WHOLE),  # first year after which some pair has no more figures: unknown years take shocks
        ("correction", REAL, (economies, economies)),  # see `sim.processes.trade.gravity.newton_correction`
        *channel_fields(PROCESS.own_channels, trade_axes(economies, pairs, states)),
    ]
