"""A small HTTP client for tests against a running service: one keep-alive connection each."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

# A server ends a connection that was idle for long, perhaps while the next request is on its way.
IDLE_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """What the service answered, with every byte of the body; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def expect(self, status: int) -> Answer:
        """Return the answer itself; raise AssertionError that shows it on another status."""
        assert self.status == status, f"{self.status}, not {status}: {self.body[:2000]!r}"
        return self


class Client:
    """Speaks to `base_url`, as the holder of `token` where given. Not safe between threads."""

    def __init__(self, base_url: str, *, token: str = "", seconds: float = 60) -> None:
        parts = urlsplit(base_url)
        assert parts.hostname is not None
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
        self._used_at = time.monotonic()
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def request(
        self,
        method: str,
        path: str,
        *,
        json_body: Any = None,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request. Connection errors are raised: the caller killed the server, or not."""
        sent = {**self._headers, **(headers or {})}
        if json_body is not None:
            body = json.dumps(json_body).encode()
            sent.setdefault("Content-Type", "application/json")
        target = f"{path}?{urlencode(query)}" if query else path
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, target, body=body, headers=sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            # The next request opens a new connection.
            self._connection.close()
            raise
        self._used_at = time.monotonic()
        headers = {name.lower(): text for name, text in response.getheaders()}
        return Answer(response.status, headers, content)

    def get(self, path: str, **query: str) -> Answer:
        return self.request("GET", path, query=query)

    def post(self, path: str, json_body: Any) -> Answer:
        return self.request("POST", path, json_body=json_body)

    def close(self) -> None:
        self._connection.close()

    def __del__(self) -> None:
        # A test that forgets a client must not fail for an open socket.
        self.close()
