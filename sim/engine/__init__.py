"""What every process stands on: compilation, random numbers, the event log, codes and declarations."""
