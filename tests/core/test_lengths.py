"""Bodies that come in chunks, without saying how long they are."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

from core.http.lengths import with_lengths
from tests.support.service import Service

UPLOAD = "/api/registry/uploads/0190a1b2-7e57-7000-8000-000000000001/content/"


def heard(method: str, path: str, body: bytes, **environ: Any) -> tuple[str | None, bytes]:
    """The length and the body that an application behind it hears of."""
    told: list[tuple[str | None, bytes]] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        told.append((environ.get("CONTENT_LENGTH"), environ["wsgi.input"].read()))
        return []

    given = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body), **environ}
    with_lengths(application)(given, None)
    return told[0]


def test_a_body_without_a_length_is_read_to_its_end() -> None:
    body = b"x" * 200_000

    assert heard("POST", "/", body, **{"wsgi.input_terminated": True}) == ("200000", body)


def test_a_body_that_is_too_long_is_read_one_byte_beyond_the_limit(settings: Any) -> None:
    settings.MAX_BODY_BYTES = 10

    assert heard("POST", "/", b"x" * 50, **{"wsgi.input_terminated": True}) == ("11", b"x" * 11)


@pytest.mark.parametrize(
    ("method", "path", "environ"),
    [
        ("POST", "/", {"wsgi.input_terminated": True, "CONTENT_LENGTH": "3"}),
        ("POST", "/", {}),  # the server would wait for ever
        ("GET", "/", {"wsgi.input_terminated": True}),
        ("PUT", UPLOAD, {"wsgi.input_terminated": True}),
    ],
)
def test_any_other_is_left_as_it_is(method: str, path: str, environ: dict[str, Any]) -> None:
    assert heard(method, path, b"abc", **environ) == (environ.get("CONTENT_LENGTH"), b"abc")


@pytest.mark.django_db
def test_one_that_is_too_long_is_refused_as_such(settings: Any) -> None:
    settings.MAX_BODY_BYTES = 10
    environ = RequestFactory().post("/api/v1/lineage").environ
    del environ["CONTENT_LENGTH"]
    environ |= {"wsgi.input": BytesIO(b"x" * 50), "wsgi.input_terminated": True}
    statuses: list[str] = []

    with_lengths(get_wsgi_application())(environ, lambda status, headers: statuses.append(status))

    assert statuses == ["413 Request Entity Too Large"]


@pytest.mark.slow
def test_a_real_server_takes_chunks(service: Service) -> None:
    service.start_web()
    host, _, port = service.base_url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    connection.request(
        "POST",
        "/api/v1/lineage",
        body=iter([b"{", b"}"]),
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
        encode_chunked=True,
    )

    assert connection.getresponse().status == 401
    connection.close()
