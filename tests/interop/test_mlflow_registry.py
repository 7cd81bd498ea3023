"""The unmodified MLflow client against a running installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.client import Client
from tests.support.mlflow import run_client
from tests.support.organisation import Organisation
from tests.support.parts import PartMissing, missing
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.interop]
SESSION = Path(__file__).parent / "mlflow_session.py"


def session(service: Service) -> tuple[dict[str, Any], Organisation]:
    """What the client's session saw, and the organisation that it saw it in."""
    service.migrate()
    organisation = Organisation.found(service)
    service.start_web()
    given = {**organisation.tokens, "instance": "localhost"}
    try:
        return run_client(SESSION, service.base_url, given), organisation
    except PartMissing as error:
        missing(str(error))


def test_the_client_does_with_us_what_it_does_with_its_own_server(service: Service) -> None:
    saw, organisation = session(service)

    check_ordinary_work(saw)
    check_prompts(saw["prompting"])
    check_refusals(saw)
    check_what_the_stock_server_does_otherwise(saw, organisation.client("administrator"))


def check_ordinary_work(saw: dict[str, Any]) -> None:
    made = saw["registering"]
    assert (made["version"], made["status"], made["again"]) == (
        1,
        "READY",
        "RESOURCE_ALREADY_EXISTS",
    )
    assert made["model"] == ["iris", "Flowers", {"team": "a"}]
    assert (made["latest"], made["tags"]) == ([["iris", 1]], {"stage": "x"})
    assert made["uri"] == "s3://does-not-exist/x"
    assert made["missing"]["code"] == "RESOURCE_DOES_NOT_EXIST"
    assert saw["changing"] == ["Better flowers", {"owner": "b"}, "Better", {"checked": "yes"}]
    assert (saw["aliasing"]["at"], saw["aliasing"]["names"]) == ([["iris", 2]], ["champion"])
    assert saw["aliasing"]["after"]["code"] == "INVALID_PARAMETER_VALUE"
    assert saw["searching"] == {
        "pages": [
            ["search-6", "search-5", "search-4"],
            ["search-3", "search-2", "search-1"],
            ["search-0"],
        ],
        "even": ["search-0", "search-2", "search-4", "search-6"],
        "by_case": 0,
        "versions": [["iris", 2], ["iris", 1]],
        "wrong": "INVALID_PARAMETER_VALUE",
        "token": "INVALID_PARAMETER_VALUE",
    }
    assert saw["copying"] == {
        "made": [["iris-copy", 1]],
        "source": "models:/iris/2",
        "uri": "s3://bucket/2",
    }
    assert saw["staging"] == ["Staging", [["iris", 2]], "PERMISSION_DENIED"]


def check_prompts(saw: dict[str, Any]) -> None:
    version, text, message, tags = saw["first"]
    assert (version, text, message) == (1, "Hello Ann!", "First")
    assert tags == {"tone": "kind"}
    assert saw["second"] == [2, "Good day, Ann."]
    assert saw["talk"] == [
        {"role": "system", "content": "You are brief."},
        {"role": "user", "content": "Why?"},
    ]
    assert saw["variables"] == ["question", "style"]
    assert saw["found"] == ["greeting", "talk"]
    assert saw["models"] == []
    assert saw["missing"] is None


def check_refusals(saw: dict[str, Any]) -> None:
    refused = saw["refused"]
    assert refused["token"]["code"] == "UNAUTHENTICATED"
    assert refused["reader"]["code"] == refused["author"]["code"] == "PERMISSION_DENIED"
    assert refused["outsider"]["code"] == "RESOURCE_DOES_NOT_EXIST"
    assert "iris" not in refused["outsider"]["message"]


def check_what_the_stock_server_does_otherwise(saw: dict[str, Any], client: Client) -> None:
    made, life = saw["registering"], saw["living"]
    # It keeps nobody's name, and takes a source that nobody looked at for a ready model.
    assert made["user"] == "author"
    assert "not kept or checked here" in made["message"]
    first = client.get("/api/registry/resolve/", ref="assist-dev/model/iris/1").expect(200).json
    assert first["digest"].startswith("sha256:")
    # It moves production for whoever owns the model, and forgets where it pointed.
    assert saw["aliasing"]["protected"]["code"] == "PERMISSION_DENIED"
    moves = client.get("/api/registry/aliases/moves/", asset="assist-dev/model/iris")
    champion = [move for move in moves.expect(200).json["results"] if move["alias"] == "champion"]
    assert len(champion) == 3
    # It deletes what production points at, with its source, and gives the number again.
    assert life["held"]["code"] == "RESOURCE_CONFLICT"
    assert (life["still"], life["fourth"], life["again"]) == ([["life", 2]], 4, 5)
    assert life["renamed"] == ["afterlife", "afterlife"]
    # It cannot use a version of another workspace.
    assert saw["crossing"] == {
        "workspaces": ["assist-dev", "assist-prod", "assist-staging", "fresh"],
        "made": ["fresh", "New"],
        "copy": [["iris", 1]],
        "uri": "s3://bucket/2",
    }
    assert saw["crowding"] == list(range(1, 49))
