"""What every process stands on: compilation, random numbers, the event log, codes and declarations."""

import atexit
import gc

#: Whether this process does nothing but run scenarios: set by commands that do, before anything compiled is imported.
alone = False


def collect_seldom() -> None:
    """Look for garbage seldom in this process: starting and drawing make much and drop little.

    By itself Python looks so often that it takes a tenth of either, and once more at the end, where everything is
    dropped anyway: a quarter of a short command.
    """
    gc.set_threshold(100_000, 20, 50)
    atexit.register(gc.freeze)
