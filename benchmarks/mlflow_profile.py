"""What a request of the MLflow protocol costs the web process, and afterwards the worker.

`python -m benchmarks.mlflow_profile [--database sqlite|postgres] [--models N] [--repeats N]
[--operation NAME --statements | --profile]`

Everything runs in this process, over a WSGI call without network: CPU milliseconds a request, by
`time.process_time`, and the number of statements. With an operation alone, its statements or its
profile too. The operations are those of ``benchmarks.mlflow``, asked at the same addresses.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import itertools
import json
import pstats
import random
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from benchmarks.installation import installation
from benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[], None]

BASE = "/api/2.0/mlflow/"
PROFILED_LINES = 45


class Caller:
    """Calls the application as a server would."""

    def __init__(self, token: str) -> None:
        from django.core.handlers.wsgi import WSGIHandler

        self.application = WSGIHandler()
        self.environ = {
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "HTTP_X_MLFLOW_WORKSPACE": "assist-dev",
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
        }

    def get(self, path: str, **query: str) -> None:
        """Ask by GET."""
        self._call("GET", path, b"", urlencode(query))

    def post(self, path: str, body: dict[str, Any]) -> None:
        """Ask by POST."""
        self._call("POST", path, json.dumps(body).encode(), "")

    def _call(self, method: str, path: str, body: bytes, query: str) -> None:
        environ = self.environ | {
            "REQUEST_METHOD": method,
            "PATH_INFO": BASE + path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        statuses: list[str] = []
        start: Any = lambda status, _headers: statuses.append(status)  # noqa: E731
        answer = self.application(environ, start)
        text = b"".join(answer)
        answer.close()
        if not statuses[0].startswith("200"):
            raise RuntimeError(f"{method} {path}: {statuses[0]} {text[:500]!r}")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--models", type=int, default=300)
    options.add_argument("--repeats", type=int, default=150)
    options.add_argument("--operation", default="")
    options.add_argument("--statements", action="store_true")
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    print(f"machine: {describe()}\ndatabase: {chosen.database}", flush=True)
    with installation(chosen.database):
        asks = operations(Caller(_token()), chosen.models)
        _work()
        names = [chosen.operation] if chosen.operation else list(asks)
        print(f"{'operation':<28}{'web ms':>8}{'p10':>8}{'worker ms':>11}{'statements':>12}")
        for name in names:
            measure(name, asks[name], chosen.repeats)
            if chosen.statements:
                print("\n".join(_statements(asks[name])))
            if chosen.profile:
                _profile(partial(_times, asks[name], chosen.repeats))
                _profile(_work)


def _token() -> str:
    from tests.support import organisation

    printed: list[str] = []
    organisation.print = printed.append  # type: ignore[attr-defined]
    organisation.found()
    token: str = json.loads(printed[0])["author"]
    return token


def operations(caller: Caller, models: int) -> dict[str, Ask]:
    """Make the models, and return what asks for each operation."""
    for index in range(models):
        name = f"model-{index:05}"
        tags = [{"key": "team", "value": f"team{index % 50}"}, {"key": "tier", "value": "gold"}]
        caller.post("registered-models/create", {"name": name, "tags": tags})
        caller.post("model-versions/create", _version(name, stage=f"stage{index % 50}"))
        alias = {"name": name, "alias": "champion", "version": "1"}
        caller.post("registered-models/alias", alias)
        if index % 200 == 0:
            _work()
    chance = random.Random(1)  # noqa: S311 - picks models
    return (
        _reads(caller, lambda: f"model-{chance.randrange(models):05}")
        | _writes(caller, lambda: f"model-{chance.randrange(models):05}")
        | _searches(caller, chance, models)
    )


def _reads(caller: Caller, seeded: Callable[[], str]) -> dict[str, Ask]:
    return {
        "get_model_version": lambda: caller.get("model-versions/get", name=seeded(), version="1"),
        "get_registered_model": lambda: caller.get("registered-models/get", name=seeded()),
        "get_by_alias": lambda: caller.get(
            "registered-models/alias", name=seeded(), alias="champion"
        ),
    }


def _writes(caller: Caller, seeded: Callable[[], str]) -> dict[str, Ask]:
    counter = itertools.count()

    def new_model() -> None:
        body = {"name": f"new-{next(counter)}", "tags": [{"key": "team", "value": "a"}]}
        caller.post("registered-models/create", body | {"description": "bench"})

    def set_alias() -> None:
        body = {"name": seeded(), "alias": "champion", "version": "1"}
        caller.post("registered-models/alias", body)

    def set_tag() -> None:
        body = {"name": seeded(), "key": "tier", "value": f"{next(counter)}"}
        caller.post("registered-models/set-tag", body)

    def version(name: str, stage: str) -> None:
        caller.post("model-versions/create", _version(name, stage=stage))

    return {
        "set_alias": set_alias,
        "set_tag": set_tag,
        "create_registered_model": new_model,
        "create_model_version": lambda: version(seeded(), "x"),
        "create_model_version_hot": lambda: version("model-00000", ""),
    }


def _searches(caller: Caller, chance: random.Random, models: int) -> dict[str, Ask]:
    def search(of: str, condition: str) -> None:
        given = {"filter": condition} if condition else {}
        caller.get(f"{of}/search", max_results="100", **given)

    def team() -> str:
        return f"tags.team = 'team{chance.randrange(50)}' AND tags.tier = 'gold'"

    return {
        "search_models_page100": lambda: search("registered-models", ""),
        "search_models_like": lambda: search(
            "registered-models", f"name LIKE '%{chance.randrange(100, 300)}'"
        ),
        "search_models_tag": lambda: search("registered-models", team()),
        "search_versions_by_name": lambda: search(
            "model-versions", f"name = 'model-{chance.randrange(models):05}'"
        ),
        "search_versions_tag": lambda: search(
            "model-versions", f"tags.stage = 'stage{chance.randrange(50)}'"
        ),
    }


def _version(name: str, *, stage: str) -> dict[str, Any]:
    tags = [{"key": "stage", "value": stage}] if stage else []
    source = "mlflow-artifacts:/0/benchmark/artifacts/m"
    return {"name": name, "source": source, "run_id": "benchmark", "tags": tags}


def measure(name: str, ask: Ask, repeats: int) -> None:
    """Print the cost of one operation."""
    statements = len(_statements(ask))
    for _ in range(10):
        ask()
    _work()
    times = sorted(_times(ask, repeats))
    started = time.process_time()
    _work()
    worker = (time.process_time() - started) / repeats
    mean, low = sum(times) / repeats, times[repeats // 10]
    print(
        f"{name:<28}{mean * 1e3:>8.2f}{low * 1e3:>8.2f}{worker * 1e3:>11.2f}{statements:>12}",
        flush=True,
    )


def _times(ask: Ask, repeats: int) -> list[float]:
    times = []
    for _ in range(repeats):
        started = time.process_time()
        ask()
        times.append(time.process_time() - started)
    return times


def _statements(ask: Ask) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    found: list[str] = []
    # A new request forgets the statements of the one before it: this log is its own.
    with CaptureQueriesContext(connection):
        ask()
        found += [query["sql"] for query in connection.queries_log]
    return found


def _work() -> None:
    """Let the worker catch up."""
    from core.worker import Worker

    worker = Worker()
    while worker.keep_house():
        pass


def _profile(work: Callable[[], object]) -> None:
    profile = cProfile.Profile()
    profile.runcall(work)
    stats = pstats.Stats(profile)
    for order in ("cumulative", "tottime"):
        stats.sort_stats(order).print_stats(PROFILED_LINES)


if __name__ == "__main__":
    main()
