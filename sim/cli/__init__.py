"""The command line: thin commands that parse, call and print."""

import sys

from sim.engine import collect_seldom


def main() -> None:
    """Entry point of ``casim``; ends the process with 0 (done), 1 (failed), 2 (the user's input) or 130 (Ctrl-C)."""
    collect_seldom()
    try:
        from sim.cli.app import app
        from sim.cli.printing import write_anywhere

        write_anywhere()

        app(prog_name="casim")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
