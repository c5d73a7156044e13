"""Starting the explorer: a free port, the address to open, and the server until it is stopped."""

import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from sim.explore.engine import Ensemble
from sim.explore.server import Explorer, application
from sim.runs import OutputError
from sim.scenario import load_scenario

LOCAL = "127.0.0.1"
_TRIED = 50


def listen(host: str, port: int) -> tuple[socket.socket, int]:
    """A listening socket at the port or the next free one above it.

    Raises OutputError if none is free or the host is no address of this machine.
    """
    for tried in range(port, min(port + _TRIED, 65_536)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        found = socket.socket(family, socket.SOCK_STREAM)
        try:
            found.bind((host, tried))
            found.listen(64)
        except OSError as error:
            found.close()
            if isinstance(error, socket.gaierror) or error.errno not in (13, 48, 98, 10013, 10048):
                raise OutputError(f"--host {host}: cannot listen there ({error.strerror or error}).") from None
            continue
        return found, tried
    raise OutputError(f"no port from {port} to {port + _TRIED - 1} is free on {host}.  Choose another with --port.")


def address(host: str, port: int, token: str) -> str:
    """What to open in a browser."""
    name = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/?token={token}"


def serve(
    explorer: Explorer, host: str, port: int, open_page: bool, say: Callable[[str], None], threads_warm: bool = True
) -> None:
    """Serve until stopped.  Errors as in :func:`listen`."""
    listening, found = listen(host, port)
    if threads_warm:
        say("compiling the model if this is the first start (about half a minute)")
        Ensemble(load_scenario("baseline", ["run.members=2"]), 0, 2)
    if found != port:
        say(f"port {port} is in use; using {found}")
    if host not in (LOCAL, "localhost", "::1"):
        say("warning: other machines can reach this page; whoever has the address with its token can use it")
    where = address(host, found, explorer.token)
    say(f"casim explore: {where}\nCtrl-C stops it.")
    hosts = ["*"] if host in ("0.0.0.0", "::") else [host, "localhost", LOCAL]
    config = uvicorn.Config(application(explorer, hosts), log_level="warning", access_log=False)
    if open_page:
        webbrowser.open(where)
    with listening:
        uvicorn.Server(config).run(sockets=[listening])
