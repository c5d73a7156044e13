"""What every process stands on: compilation, random numbers, the event log, codes and declarations."""

#: Whether this process does nothing but run scenarios: set by commands that do, before anything compiled is imported.
alone = False
