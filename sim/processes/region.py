"""The regional process, institutions and identity; how a summit format lives and dies.

Regionalism as repeated interaction that fades when summits stop; institutions as what is implemented, not what is
signed; identity that elites form first and society follows (after Deutsch 1957; Adler & Barnett 1998).
"""

from sim.compiled import compiled


@compiled
def process_after_summit(process, gain):
    """R after a summit: a share `gain` of the distance to one is covered."""
    return process + gain * (1.0 - process)


@compiled
def process_fades(process, decay):
    """R after a month without news: a share `decay` is lost."""
    return process * (1.0 - decay)


@compiled
def institutions_with(missing, weight, implemented):
    """What is still missing to full institutions once one more instrument is counted.

    Z = 1 - product over instruments of (1 - weight * implemented share): equal to the plain sum while institutions are
    few, and never above one however many an analyst adds.
    """
    return missing * (1.0 - weight * implemented)


@compiled
def elite_identity(identity, process, gain, decay):
    """Elite identity after a month: raised by the regional process, forgotten slowly. All in [0, 1] or per month."""
    return identity + gain * process * (1.0 - identity) - decay * identity


@compiled
def society_identity(identity, elite, contact, gain):
    """Society's identity after a month: follows elites and open crossings equally. All in [0, 1] or per month."""
    return identity + gain * (0.5 * elite + 0.5 * contact - identity)


@compiled
def format_year(alive, uniform, meets, birth, death):
    """Whether a summit format is alive this year and whether it meets.

    One uniform decides, so that scenarios share it: the lowest values kill, the highest bear, the rest of a living
    format's year decides whether it meets.

    Returns
    -------
    (alive, meets) : booleans
    """
    if alive:
        if uniform < death:
            return False, False
        return True, (uniform - death) / (1.0 - death) < meets
    born = uniform > 1.0 - birth
    return born, born
