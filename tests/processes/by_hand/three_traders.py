"""Trade of three states and an outsider, X: six pairs of which three are dyads, as plain objects."""

from types import SimpleNamespace as Some

import numpy as np

A, B, C, X = range(4)
AB, AC, AX, BC, BX, CX = range(6)
#: Numbers of the dyads among the dyads.
D_AB, D_AC, D_BC = range(3)
ROWS = 5
NAN = np.nan


def traders():
    """Commerce of a member, the record of trade from 2010 on, and parameters; tests fill in what else they need."""
    pairs, dyads, economies, states = 6, 3, 4, 3
    of_pairs = (
        "cost", "cost_base", "cost_branch", "cost_alone", "cost_change", "phased", "residual", "level", "log_trade",
        "usd", "size_change", "own_spread", "normals",
    )  # fmt: skip
    of_dyads = (
        "depth", "depth_branch", "content", "passage", "closed", "passage_sum", "closed_sum", "crossing_branch",
    )  # fmt: skip
    of_economies = (
        "log_volume", "drift", "gain", "integration_gain", "growth_normals", "growing", "step", "gdp", "share",
        "outward", "outward_alone", "outward_integrated", "share_alone", "inward",
    )  # fmt: skip
    tables = ("log_change", "log_integration", "alone", "shifted", "turned")
    commerce = Some(
        **{name: np.zeros(pairs) for name in of_pairs}, **{name: np.zeros(dyads) for name in of_dyads},
        **{name: np.zeros(economies) for name in of_economies},
        **{name: np.zeros((economies, economies)) for name in tables}, shapley=np.zeros(states),
        figure_sum=np.zeros(states), figure_count=np.zeros(states), deflator=1.0, inflation=0.0, failure=0,
        uniforms=np.zeros((pairs, 4)), draws=np.zeros((pairs, 4)),
    )  # fmt: skip
    trade = Some(
        first_year=2010, exists=1, end_a=np.array([A, A, A, B, B, C]), end_b=np.array([B, C, X, C, X, X]),
        dyad=np.array([D_AB, D_AC, -1, D_BC, -1, -1]), regional=np.array([1, 0, 0, 1, 0, 0]), axis=AB,
        growth_is_state=np.array([1, 1, 1, 0]), covers=np.full((pairs, 2), 1 / 3), spread_factor=np.ones(pairs),
        documented=np.full((ROWS, pairs), NAN), usd=np.full((ROWS, pairs), NAN), log_base=np.zeros(pairs),
        size_base=np.zeros(pairs), depth_base=np.zeros(pairs), passage=np.ones((ROWS, pairs)),
        closed=np.zeros((ROWS, pairs)), passage_base=np.ones(pairs), closed_base=np.zeros(pairs),
        imposed=np.zeros((ROWS, pairs)), tariff=np.zeros((ROWS, pairs)), quicker=np.zeros((ROWS, pairs)),
        free_trade=np.zeros(2), standing=np.zeros(dyads), passage_branch=np.ones(dyads), closed_branch=np.zeros(dyads),
        passage_before=np.zeros(dyads), closed_before=np.zeros(dyads), months_before=0,
        log_volume=np.full((ROWS, economies), NAN), last_sized=np.full(economies, ROWS), deflator=np.full(ROWS, NAN),
        growth=np.zeros(economies), drift_spread=np.zeros(economies), yearly_spread=np.zeros(economies),
        growth_set=np.full((ROWS, economies), NAN), gdp_base=np.ones(economies), log_volume_base=np.zeros(economies),
        gdp=np.ones(economies), shocks_from=0, common_key=["common"], pair_key=[f"pair{k}" for k in range(pairs)],
        growth_key=["growA", "growB", "growC", "growX"], world_growth_key=["world"], price_key=["prices"],
    )  # fmt: skip
    params = Some(
        trade_depth_effect=0.0, trade_tariff_effect=0.0, trade_passage_effect=0.0, trade_closed_effect=0.0,
        trade_elasticity=4.0, trade_tariff_years=8.0, trade_border_time_effect=0.0, trade_closure_passage=0.25,
        trade_closure_total=0.5, trade_growth_correlation=0.36, trade_growth_persistence=0.6, trade_world_growth=0.02,
        trade_growth_scale=1.0, trade_inflation=0.03, trade_inflation_spread=0.5, trade_shock_kaz_uzb=0.5,
        trade_shock_others=0.25, trade_shock_common=0.3, trade_size_elasticity=0.5, trade_persistence=0.5,
        trade_level_pace=0.25, trade_pair_limit=10.0, trade_openness_limit=10.0,
    )  # fmt: skip
    return commerce, trade, params
