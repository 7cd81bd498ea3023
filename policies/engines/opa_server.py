"""opa-python-client, narrowed to what concerns policies, and evaluations beside it, with one
family of errors.

What the client does by itself and must not do here: rewrite a refused policy from Rego v0 to v1
and store text that nobody reviewed (`rego_compat`), retry silently, raise three unrelated
families of exceptions, keep OPA's own message for itself, and answer an undefined decision with
a dictionary that merely lacks ``result``.
"""

from __future__ import annotations

import ssl
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from policies.engines.base import EngineError, EngineUnavailable
from policies.engines.opa_asking import AskedTooLong, Asking

if TYPE_CHECKING:
    from opa_client.opa import OpaClient

_ASKED = "provenance=true&strict-builtin-errors=true"
OK, BAD_REQUEST, SERVER_ERROR = 200, 400, 500


class PolicyRefused(EngineError):
    """OPA does not compile the text; `errors` are OPA's ``{code, message, location}``."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(str(error.get("message")) for error in errors))
        self.errors = errors


class EvaluationFailed(EngineError):
    """OPA stopped an evaluation with an error, for example conflicting values."""


class EvaluationTimedOut(EngineError):
    """OPA gave no answer in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision: `is_defined` is false when OPA's answer had no ``result``."""

    is_defined: bool
    value: object
    version: str


class OpaServer:
    """An OPA server at ``http(s)://host[:port]``.

    `ca_file` verifies an https server with that authority instead of the system's; `token` is
    sent as a bearer token. The client has no base path and no unix sockets, so an address with a
    path is refused. Each thread has its own client with its own kept-alive connection, because
    the client's timeout is an attribute and not an argument.
    """

    def __init__(self, url: str, *, token: str = "", ca_file: Path | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise EngineUnavailable(f"the address of OPA must be http(s)://host:port, not {url!r}")
        if parts.path.strip("/") or parts.query or parts.username:
            raise EngineUnavailable("the address of OPA has no path, query or credentials")
        self._host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls: bool | str = (
            (str(ca_file) if ca_file else True) if parts.scheme == "https" else False
        )
        self._token = token
        context = _tls_context(ca_file) if parts.scheme == "https" else None
        self._asking = Asking(parts.hostname, self._port, context, token)
        self._local = threading.local()
        self._clients: list[OpaClient] = []
        self._lock = threading.Lock()
        self._closed = False

    def put_policy(self, policy_id: str, text: str, *, until: float) -> None:
        """Store and compile; raises `PolicyRefused`. `until` is of the monotonic clock."""
        from opa_client.errors import RegoParseError

        try:
            self._client(until).update_policy_from_string(text, policy_id, rego_compat=False)
        except RegoParseError as error:
            # The client raises this for every refusal, also for one that is about the caller.
            if not error.errors:
                raise self._unavailable(error) from error
            raise PolicyRefused(error.errors) from error
        except (OSError, ValueError) as error:
            raise self._unavailable(error) from error

    def get_policy(self, policy_id: str, *, until: float) -> dict[str, Any] | None:
        """``{"id", "raw", "ast"}``, or none when the server has no such policy."""
        from opa_client.errors import PolicyNotFoundError

        try:
            answer = self._client(until).get_policy(policy_id)
        except PolicyNotFoundError as error:
            if error.expression != "resource_not_found":
                raise self._unavailable(error) from error
            return None
        except (OSError, ValueError) as error:
            raise self._unavailable(error) from error
        result = answer.get("result")
        return result if isinstance(result, dict) else None

    def policy_ids(self, *, until: float) -> list[str]:
        try:
            return [str(each) for each in self._client(until).get_policies_list()]
        except (OSError, ValueError) as error:
            raise self._unavailable(error) from error

    def delete_policy(self, policy_id: str, *, until: float) -> None:
        from opa_client.errors import DeletePolicyError

        try:
            self._client(until).delete_policy(policy_id)
        except DeletePolicyError as error:
            if error.expression != "resource_not_found":
                raise self._unavailable(error) from error
        except (OSError, ValueError) as error:
            raise self._unavailable(error) from error

    def decide(self, path: str, *, text: str, until: float) -> Answer:
        """The value at a dotted path for the input, a JSON text; see `Answer` for undefined.

        Raises `EvaluationFailed`, `EvaluationTimedOut` and `EngineUnavailable`.
        """
        with self._lock:
            if self._closed:
                raise EngineUnavailable("the connection to OPA has been closed")
        address = f"/v1/data/{path.replace('.', '/')}?{_ASKED}"
        body = f'{{"input":{text}}}'.encode()
        try:
            status, told = self._asking.post(address, body, until=until)
        except AskedTooLong as error:
            raise EvaluationTimedOut("OPA gave no answer within the deadline") from error
        except (OSError, HTTPException) as error:
            raise self._unavailable(error) from error
        if status != OK:
            raise _refused_evaluation(status, told)
        if not isinstance(told, dict):
            raise EngineUnavailable("OPA's answer is no JSON object")
        provenance = told.get("provenance")
        version = provenance.get("version", "") if isinstance(provenance, dict) else ""
        return Answer("result" in told, told.get("result"), str(version))

    def close(self) -> None:
        with self._lock:
            self._closed = True
            clients, self._clients = self._clients, []
        self._asking.close()
        for client in clients:
            client.close_connection()

    def _client(self, until: float) -> OpaClient:
        from opa_client.opa import OpaClient

        remaining = until - time.monotonic()
        if remaining <= 0:
            raise EvaluationTimedOut("the deadline was spent before OPA was asked")
        client: OpaClient | None = getattr(self._local, "client", None)
        with self._lock:
            if self._closed:
                raise EngineUnavailable("the connection to OPA has been closed")
            if client is None:
                client = OpaClient(
                    host=self._host,
                    port=self._port,
                    ssl=self._tls,
                    token=self._token or None,
                    retries=0,
                )
                # Else variables of the environment replace the authority that we were given, and
                # a .netrc file the token.
                client._session.trust_env = False  # noqa: SLF001 - the client has no other way
                self._local.client = client
                self._clients.append(client)
        client.timeout = remaining
        return client

    def _unavailable(self, error: Exception) -> EngineUnavailable:
        return EngineUnavailable(
            f"OPA at {self._host}:{self._port} did not answer: {type(error).__name__}: {error}"
        )


def _refused_evaluation(status: int, told: Any) -> EngineError:
    """OPA's ``{code, message, errors}`` says what is wrong."""
    body = told if isinstance(told, dict) else {}
    told_errors = body.get("errors")
    listed = told_errors if isinstance(told_errors, list) else []
    details = [each for each in listed if isinstance(each, dict)]
    if status == SERVER_ERROR and details:
        messages = [f"{each.get('code')}: {each.get('message')}" for each in details]
        return EvaluationFailed("; ".join(messages))
    if status == BAD_REQUEST:
        return EvaluationFailed(f"OPA refused the request: {body.get('message')}")
    return EngineUnavailable(f"OPA answered {status}")


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """With that authority alone, else with those that the client library trusts."""
    import certifi

    return ssl.create_default_context(cafile=str(ca_file) if ca_file else certifi.where())
