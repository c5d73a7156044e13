"""The command line: thin commands that parse, call and print."""

import gc
import sys


def main() -> None:
    """Entry point of ``casim``; ends the process with 0 (done), 1 (failed), 2 (the user's input) or 130 (Ctrl-C)."""
    gc.set_threshold(100_000, 20, 50)  # a start makes much and drops little; collecting it often takes a tenth of it
    try:
        from sim.cli.app import app
        from sim.cli.printing import write_anywhere

        write_anywhere()

        app(prog_name="casim")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
