"""What pairing bought: how many times smaller the variance of a paired difference is than that of an unpaired one."""

import math
from dataclasses import dataclass

from sim.comparison.compare import Comparison
from sim.comparison.effect import Effect

#: A gain from which on pairing is said to pay.
WORTHWHILE = 5.0
#: Share of members that differ from which on an outcome counts as widely moved: where few differ, pairs gain easily.
WIDELY = 0.1


@dataclass(frozen=True)
class PairingGain:
    """Gains over the outcomes that moved and vary and that both runs know, each set of alike outcomes once.

    ``share`` of them gain WORTHWHILE times or more, and ``share_widely`` of the ``widely`` moved ones, in which at
    least WIDELY of the members differ; ``least`` are those that gain the least, the worst first.
    """

    outcomes: int
    quartiles: tuple[float, float, float]
    share: float
    widely: int
    share_widely: float
    least: tuple[Effect, ...]


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def pairing_gain(comparison: Comparison, worst: int = 4) -> PairingGain | None:
    """What pairing bought in a comparison; None where no outcome that moved varies."""
    effects = [
        effect
        for effect in comparison.moved
        if effect.paired.moved
        and effect.group != "inputs"
        and effect.outcome not in comparison.untabled
        and not math.isnan(effect.paired.gain)
    ]
    effects.sort(key=lambda effect: effect.paired.gain)
    if not effects:
        return None
    gains = [effect.paired.gain for effect in effects]
    quartiles = tuple(_quantile(gains, share) for share in (0.25, 0.5, 0.75))
    share = sum(gain >= WORTHWHILE for gain in gains) / len(gains)
    widely = [effect.paired.gain for effect in effects if effect.paired.same <= 1 - WIDELY]
    share_widely = sum(gain >= WORTHWHILE for gain in widely) / len(widely) if widely else math.nan
    return PairingGain(len(gains), quartiles, share, len(widely), share_widely, tuple(effects[:worst]))
