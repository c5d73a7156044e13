"""Shares of the record that are fitted by counting: how a decision turned out, given that it came.

Whether a regional format is born, ends or meets in a year, how many texts a summit tables, whether a clash becomes
militarised, whether a package finishes a border, and of what kind a friction is. Each has a beta (or Dirichlet, or
gamma) prior and a count, so its posterior is known exactly, and nothing else of the likelihood depends on it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, gamma

from sim.facts import Facts
from sim.inference.observations import FRICTIONS, History
from sim.inference.priors import beta_prior, gamma_prior

BIRTH, DEATH, MEETS = "region.format_birth", "region.format_death", "region.format_meets"
MILITARISED, WHOLE = "borders.militarised", "borders.settle_whole"
KINDS = ("frictions.verbal", "frictions.cut_off", "frictions.standoff")
TEXTS = "tabling.texts"
SHARES = (BIRTH, DEATH, MEETS, MILITARISED, WHOLE, TEXTS, *KINDS)


@dataclass(frozen=True)
class Share:
    """A share, its beta prior, and how often it was so and not so."""

    name: str
    a: float
    b: float
    so: int
    not_so: int
    most = 1.0

    @property
    def counted(self) -> list[int]:
        """How often it was so, of how many."""
        return [self.so, self.so + self.not_so]

    @property
    def prior(self) -> dict[str, list[float]]:
        """The prior as a calibration file has it."""
        return {"prior_beta": [self.a, self.b]}

    @property
    def prior_mean(self) -> float:
        """Mean of the prior."""
        return self.a / (self.a + self.b)

    @property
    def prior_sd(self) -> float:
        """Standard deviation of the prior."""
        return float(beta.std(self.a, self.b))

    def rank(self, truth: float, with_record: bool = True) -> float:
        """Share of the posterior below a truth."""
        so, not_so = (self.so, self.not_so) if with_record else (0, 0)
        return float(beta.cdf(truth, self.a + so, self.b + not_so))


@dataclass(frozen=True)
class Rate:
    """A mean count per occasion, its gamma prior, and what was counted on how many occasions."""

    name: str
    shape: float
    rate: float
    count: int
    occasions: int
    most = 20.0

    @property
    def counted(self) -> list[int]:
        """How many, on how many occasions."""
        return [self.count, self.occasions]

    @property
    def prior(self) -> dict[str, list[float]]:
        """The prior as a calibration file has it."""
        return {"prior_gamma": [self.shape, self.rate]}

    @property
    def prior_mean(self) -> float:
        """Mean of the prior."""
        return self.shape / self.rate

    @property
    def prior_sd(self) -> float:
        """Standard deviation of the prior."""
        return self.shape**0.5 / self.rate

    def rank(self, truth: float, with_record: bool = True) -> float:
        """Share of the posterior below a truth."""
        seen = 1 if with_record else 0
        return float(gamma.cdf(truth, self.shape + seen * self.count, scale=1.0 / (self.rate + seen * self.occasions)))


def shares_of(facts: Facts, history: History, until: int | None = None) -> tuple[Share | Rate, ...]:
    """The counts of a history in the order of SHARES.

    Parameters
    ----------
    until : absolute month; what was decided then or later is not counted
    """
    acts = [act for act in history.acts if until is None or act.month < until]
    years = [year for year in history.years if until is None or year.year * 12 < until]
    clashes = [act for act in acts if act.kind == "clash"]
    settled = [act for act in acts if act.kind == "settlement"]
    frictions = [act for act in acts if act.kind == "friction"]
    counts = {
        BIRTH: _count([year.alive for year in years if not year.was_alive]),
        DEATH: _count([not year.alive for year in years if year.was_alive]),
        # in the year of its birth a format meets by definition
        MEETS: _count([year.met for year in years if year.was_alive and year.alive and year.met is not None]),
        MILITARISED: _count([act.value > 0 for act in clashes]),
        WHOLE: _count([act.value == 1.0 for act in settled]),
    } | {KINDS[k]: _count([act.value == k for act in frictions]) for k in range(len(FRICTIONS))}
    table = {row.name: row for row in facts.parameters}
    found = {name: Share(name, *beta_prior(name, table[name].prior), *counts[name]) for name in counts}
    texts = Rate(TEXTS, *gamma_prior(TEXTS, table[TEXTS].prior), *_texts(years))
    return tuple(found.get(name, texts) for name in SHARES)


def _texts(years: list) -> tuple[int, int]:
    """Texts tabled and summits held since the regional format that meets now, or met last, was born."""
    births = [year.year for year in years if year.alive and not year.was_alive]
    latest = [year for year in years if births and year.year >= births[-1]]
    return sum(year.texts for year in latest), sum(year.summits for year in latest)


def _count(outcomes: list) -> tuple[int, int]:
    return sum(bool(so) for so in outcomes), sum(not so for so in outcomes)


def draw_shares(
    shares: tuple[Share | Rate, ...], size: int, rng: np.random.Generator, with_record: bool = True
) -> np.ndarray:
    """(draw, share) from the posterior, or without the record from the prior; the three kinds of frictions sum to 1."""
    seen = 1 if with_record else 0
    free = [share for share in shares if share.name not in KINDS]
    kinds = [share for share in shares if share.name in KINDS]
    columns = [_draw(share, seen, size, rng) for share in free]
    together = rng.dirichlet([share.a + seen * share.so for share in kinds], size)
    return np.column_stack([*columns, together])


def _draw(share: Share | Rate, seen: int, size: int, rng: np.random.Generator) -> np.ndarray:
    if isinstance(share, Rate):
        return rng.gamma(share.shape + seen * share.count, 1.0 / (share.rate + seen * share.occasions), size)
    return rng.beta(share.a + seen * share.so, share.b + seen * share.not_so, size)
