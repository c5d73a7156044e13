"""The explorer's small server: one page, and what it asks for, for whoever holds the token of this start."""

import secrets
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sim.explore.draft import Changes, Origin, load_draft, save
from sim.explore.engine import Ensemble, one_history, overview, series_of
from sim.explore.offer import offer
from sim.facts import load_facts
from sim.page.places import geometry
from sim.page.report import environment
from sim.runs.errors import RunError
from sim.scenario import ScenarioError
from sim.scenario.load import list_scenarios
from sim.words import STATES

MOST_MEMBERS, _LONGEST, _KEPT = 1000, 100_000, 4
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"{_POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Asked(BaseModel):
    """What the page sends: an origin by its name in the list, and what differs from it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    origin: Annotated[str, Field(max_length=200)]
    changes: Changes = Changes()
    members: Annotated[int, Field(ge=1, le=MOST_MEMBERS)] = 200
    member: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    series: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=12)] = []
    name: Annotated[str, Field(max_length=80)] = ""
    title: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=2000)] = ""


class Explorer:
    """Scenarios that may be chosen, the latest ensembles, and the token."""

    def __init__(self, own: Path | None = None, folder: Path = Path(), token: str | None = None) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self.folder = folder
        self.origins = {info.name: Origin(info.name) for info in list_scenarios()}
        self.titles = {info.name: info.title for info in list_scenarios()}
        self.first = "baseline"
        if own is not None:
            self.adopt(own)
            self.first = own.stem
        self._kept: OrderedDict[str, Ensemble] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def adopt(self, path: Path) -> None:
        """Offer a user's own file under its name."""
        origin = Origin(path.stem, path)
        self.titles[path.stem] = origin.load().title
        self.origins[path.stem] = origin

    def origin(self, name: str) -> Origin:
        """An origin by name; KeyError for one that is not offered, so that no path can be asked for."""
        return self.origins[name]

    def ensemble(self, asked: Asked) -> Ensemble:
        """The ensemble asked for, simulated unless it is one of the latest."""
        key = f"{asked.origin} {asked.members} {asked.changes.model_dump_json()}"
        with self._one_at_a_time:
            if key not in self._kept:
                settings = [f"run.members={asked.members}"]
                scenario = load_draft(self.origin(asked.origin), asked.changes, settings)
                self._kept[key] = Ensemble(scenario, 0, asked.members)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    # what the page asks for; each takes a checked request and returns plain values
    def offer(self, asked: Asked) -> dict:
        """What can be changed, and the series that can be shown."""
        return {**offer(self.origin(asked.origin)), **series_of(self.ensemble(asked))}

    def bands(self, asked: Asked) -> dict:
        """Bands of the series asked for, and treaties."""
        return overview(self.ensemble(asked), asked.series)

    def history(self, asked: Asked) -> dict:
        """One member month by month."""
        scenario = load_draft(self.origin(asked.origin), asked.changes, [f"run.members={asked.member + 1}"])
        return one_history(scenario, asked.member)

    def save(self, asked: Asked) -> dict:
        """Write the tuned scenario as a file and offer it from now on."""
        origin = self.origin(asked.origin)
        path, text = save(origin, asked.changes, self.folder, asked.name, asked.title, asked.description)
        self.adopt(path)
        return {"path": str(path), "text": text, "name": path.stem, "title": self.titles[path.stem]}

    def page(self) -> str:
        """The page, with the token that its requests must carry."""
        given = {
            "token": self.token,
            "first": self.first,
            "scenarios": self.titles,
            "states": {row.id: STATES.get(row.id, row.id) for row in load_facts().states},
            "nodes": geometry()["nodes"],
        }
        from sim.page.drawn_map import draw_blank

        return environment().get_template("explore.html.j2").render(page=given, map=draw_blank())


def application(explorer: Explorer, hosts: list[str]) -> Starlette:
    """The server.  Requests must name one of the hosts, come from its own page and carry the token."""

    async def page(request: Request) -> Response:
        if not _equal(request.query_params.get("token", ""), explorer.token):
            text = "This address lacks the token that casim explore printed when it started."
            return Response(text, 403, _HEADERS, "text/plain")
        return HTMLResponse(await run_in_threadpool(explorer.page), headers=_HEADERS)

    def answering(method):
        """The handler of a request that is ours: token and origin are checked before `method` answers."""

        async def answer(request: Request) -> Response:
            if not _equal(request.headers.get("x-casim-token", ""), explorer.token):
                return _said(403, "The token is missing or wrong.")
            origin = request.headers.get("origin")
            if origin is not None and origin.split("://", 1)[-1] != request.headers.get("host"):
                return _said(403, "Requests come from the page itself only.")
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > _LONGEST:
                    return _said(413, "The request is too long.")
            return await run_in_threadpool(_perform, method, bytes(body))

        return answer

    methods = (explorer.offer, explorer.bands, explorer.history, explorer.save)
    routes = [Route("/", page)]
    routes += [Route(f"/api/{method.__name__}", answering(method), methods=["POST"]) for method in methods]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts)])


def _perform(method, body: bytes) -> Response:
    try:
        return JSONResponse(method(Asked.model_validate_json(body)), headers=_HEADERS)
    except ValidationError as error:
        first = error.errors()[0]
        return _said(422, f"{'.'.join(map(str, first['loc'])) or 'request'}: {first['msg']}")
    except KeyError as error:
        return _said(404, f"{error.args[0]!r} is none of the scenarios on this page.")
    except ScenarioError as error:
        return _said(422, "\n".join(problem.message for problem in error.problems))
    except RunError as error:
        return _said(422, str(error))


def _said(status: int, text: str) -> Response:
    return JSONResponse({"problem": text}, status, _HEADERS)


def _equal(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
