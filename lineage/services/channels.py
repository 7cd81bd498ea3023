"""How events leave the process: one by one through openlineage-python, or in batches by us."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin

import requests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openlineage.client.transport import Transport
    from openlineage.client.transport.http import HttpConfig

MAX_ERROR = 2_000
BATCH_ENDPOINT = "api/v1/lineage/batch"
BATCH_SIZE = 100
BATCH_TIMEOUT = 30.0
# What a server answers when the event itself is wrong, so that trying again cannot help.
REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


class Outcome(Enum):
    """What came of sending one event."""

    TAKEN = "taken"
    REFUSED = "refused"
    FAILED = "failed"


Answer = tuple[Outcome, str]
TAKEN: Answer = (Outcome.TAKEN, "")


class Channel(Protocol):
    """Sends stored bytes; ``size`` is how many events it takes at once."""

    size: int

    def send(self, bodies: Sequence[bytes]) -> list[Answer]:
        """Send up to ``size`` events; return what came of each. Raises nothing."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass
class TransportChannel:
    """A transport of openlineage-python, which takes one event at a time.

    Only the transport is used: the library's client would add facets of the process that it runs
    in, and read configuration from its folder and environment.
    """

    transport: Transport
    size: int = 1

    def send(self, bodies: Sequence[bytes]) -> list[Answer]:
        """Send each event; return what came of each."""
        return [self._send(body) for body in bodies]

    def close(self) -> None:
        """Close the transport."""
        self.transport.close()

    def _send(self, body: bytes) -> Answer:
        from lineage.mapping.wire import decode

        try:
            self.transport.emit(decode(body))
        except Exception as error:  # noqa: BLE001 - transports raise whatever their libraries do
            return answer_of(error)
        return TAKEN


@dataclass
class BatchChannel:
    """Posts arrays of events to an endpoint like OpenLineage's ``/lineage/batch``."""

    url: str
    config: HttpConfig
    size: int = BATCH_SIZE
    _session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> BatchChannel:
        """Return a channel for a configuration; it has the keys of the http transport.

        ``batch_size`` says how many events go at once. Raises ValueError for wrong values.
        """
        from openlineage.client.transport.http import HttpConfig

        told = {"endpoint": BATCH_ENDPOINT, "timeout": BATCH_TIMEOUT, **config}
        size = told.pop("batch_size", BATCH_SIZE)
        if not isinstance(size, int) or not 1 <= size <= 1_000:
            raise ValueError(f"batch_size must be 1 to 1000, not {size!r}")
        found = HttpConfig.from_dict(told)
        return cls(urljoin(found.url.strip(), found.endpoint), found, size)

    def send(self, bodies: Sequence[bytes]) -> list[Answer]:
        """Post the events; where a server refuses all for one, halve until that one is found."""
        answers = self._post(bodies)
        if len(bodies) > 1 and all(outcome is Outcome.REFUSED for outcome, _ in answers):
            middle = len(bodies) // 2
            return [*self.send(bodies[:middle]), *self.send(bodies[middle:])]
        return answers

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _post(self, bodies: Sequence[bytes]) -> list[Answer]:
        # What is stored is JSON already: joined, the very bytes of each event go out.
        body = b"[" + b",".join(bodies) + b"]"
        headers = {"Content-Type": "application/json", **self.config.custom_headers}
        if self.config.compression:
            body, headers["Content-Encoding"] = gzip.compress(body, compresslevel=3), "gzip"
        try:
            if bearer := self.config.auth.get_bearer():
                headers["Authorization"] = bearer
            response = self._session.post(
                self.url,
                data=body,
                headers=headers,
                timeout=self.config.timeout,
                verify=self._verify(),
                cert=self.config.ssl_context and self.config.ssl_context.as_requests_cert(),
                allow_redirects=False,
                auth=_as_it_is,
            )
            response.raise_for_status()
            if response.is_redirect:
                raise requests.HTTPError(f"redirected, {response.status_code}", response=response)
        except Exception as error:  # noqa: BLE001 - also what token providers raise
            return [answer_of(error)] * len(bodies)
        return answers_in(response.content, count=len(bodies))

    def _verify(self) -> bool | str:
        context = self.config.ssl_context
        return (context and context.ca_cert_path) or self.config.verify


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave the header alone: without this, a .netrc of the account would replace it."""
    return request


def answers_in(content: bytes, *, count: int) -> list[Answer]:
    """Return what the body of a successful answer says of each of ``count`` events.

    An empty body, or one without ``failed_events``, says that all were taken. A failure that
    names no event of the batch makes all of it uncertain: everything is sent again.
    """
    try:
        told = json.loads(content) if content.strip() else {}
    except ValueError:
        told = {}
    failures = told.get("failed_events") if isinstance(told, dict) else None
    answers = [TAKEN] * count
    for failure in failures or ():
        index = failure.get("index") if isinstance(failure, dict) else None
        if not isinstance(index, int) or not 0 <= index < count:
            return [(Outcome.FAILED, f"the answer names no event: {failure!r}"[:MAX_ERROR])] * count
        outcome = Outcome.FAILED if failure.get("retriable") else Outcome.REFUSED
        answers[index] = outcome, str(failure.get("reason", "no reason given"))[:MAX_ERROR]
    return answers


def answer_of(error: Exception) -> Answer:
    """Return what an error says: that the sink will never take this very event, or not now."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    outcome = Outcome.REFUSED if status in REFUSALS else Outcome.FAILED
    return outcome, f"{type(error).__name__}: {error}"[:MAX_ERROR]
