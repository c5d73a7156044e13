"""Stakes: how far what a state loses today changes what cooperation over an issue is worth to it.

The weight of an issue is documented and rests on standing figures. Damage above or below its documented level moves it
in proportion, on top of a standing stake, so that a state without any damage still has something to gain.
"""

from sim.engine.compiled import compiled


@compiled
def relative_stake(figure, documented, standing):
    """The gain of an issue over its documented one, > 0; 1 where the figure is as documented.

    Parameters
    ----------
    figure, documented : the same quantity today and on record, >= 0
    standing : what is at stake with the figure at zero, > 0, in the same unit
    """
    return (standing + figure) / (standing + documented)
