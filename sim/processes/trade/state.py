"""The shapes of trade: what all members share of it, and what one member's trade holds."""

from sim.engine.layout import KEY, MAX_ACCORDS, MAX_YEARS, REAL, WHOLE


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
        ("weight", REAL, pairs),  # trade in the base year, USD
        ("whole", REAL, economies),  # the same, summed over an economy's pairs
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
        ("correction", REAL, (economies, economies)),
        ("common_key", KEY, (1, 2)),
        ("pair_key", KEY, (pairs, 2)),
        ("growth_key", KEY, (economies, 2)),
        ("world_growth_key", KEY, (1, 2)),
        ("price_key", KEY, (1, 2)),
    ]


def commerce_fields(economies: int, pairs: int, states: int) -> list[tuple]:
    """Fields of the record in which one member's trade unfolds."""
    dyads = states * (states - 1) // 2
    return [
        ("log_volume", REAL, economies),
        ("drift", REAL, economies),
        ("deflator", REAL),
        ("inflation", REAL),
        ("residual", REAL, pairs),
        ("residual_sum", REAL, pairs),
        ("residual_count", REAL, pairs),
        ("phased", REAL, pairs),  # tariff content in effect beyond the record's
        ("cost", REAL, pairs),  # cost term, log points
        ("cost_base", REAL, pairs),  # of the base year
        ("cost_branch", REAL, pairs),  # of the year, had nothing changed since the record ended
        ("cost_alone", REAL, pairs),  # of the year, had the states no integration among them
        ("log_trade", REAL, pairs),  # log, constant 2021 USD
        ("usd", REAL, pairs),  # the same in constant 2021 USD
        ("gain", REAL, economies),  # relative, against the same year with the costs of the branch
        ("integration_gain", REAL, economies),  # relative, against the same year without integration among the states
        ("shapley", REAL, states),  # share in it, current USD of the base year; of the run's last year
        ("depth", REAL, dyads),  # of the treaties two states have
        ("depth_branch", REAL, dyads),  # when the record ended
        ("content", REAL, dyads),  # free-trade content of their accords beyond the record's
        ("passage", REAL, dyads),  # of this year
        ("closed", REAL, dyads),
        ("passage_sum", REAL, dyads),  # over the months of this year
        ("closed_sum", REAL, dyads),
        ("crossing_branch", REAL, dyads),  # share of crossings open in the engine when the record ended
        ("figure_sum", REAL, states),  # trade with the other states over GDP, documented years
        ("figure_count", REAL, states),
        ("failure", WHOLE),  # code of what went wrong, 0 if nothing did
        ("size_change", REAL, pairs),  # work from here on
        ("cost_change", REAL, pairs),
        ("own_spread", REAL, pairs),
        ("normals", REAL, pairs),
        ("draws", REAL, (pairs, 4)),  # standard normals of four years
        ("growth_normals", REAL, economies),
        ("growing", REAL, economies),  # growth of this year without its shock
        ("log_change", REAL, (economies, economies)),
        ("shifted", REAL, (economies, economies)),
        ("outward", REAL, economies),
        ("inward", REAL, economies),
        ("step", REAL, economies),
        ("share", REAL, economies),
        ("alone", REAL, (economies, economies)),  # freeness without integration
        ("log_integration", REAL, (economies, economies)),
        ("outward_alone", REAL, economies),
        ("outward_integrated", REAL, economies),
        ("share_alone", REAL, economies),
    ]
