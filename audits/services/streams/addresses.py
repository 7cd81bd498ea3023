"""Where a stream may go: the parts of its address, within what the settings allow."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from audits.models import Stream
from core.errors import InvalidInput
from core.outbound.addresses import endpoint, networks

if TYPE_CHECKING:
    from core.outbound.addresses import Endpoint, Network

# Scheme of a syslog address: whether it is over TLS, and its port by convention.
SYSLOG = {"syslog+tls": (True, 6514), "syslog": (False, 514), "syslog+udp": (False, 514)}
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z")
Transport = Stream.Transport


@dataclass(frozen=True)
class Place:
    """Where a stream goes: to an ``endpoint`` under a ``scheme``, or to a ``file``."""

    transport: str
    scheme: str = ""
    endpoint: Endpoint | None = None
    file: Path | None = None

    @property
    def host(self) -> str:
        """Return what may be told of the address: the rest may be secret."""
        return self.endpoint.host if self.endpoint else str(self.file.name if self.file else "")


def place(address: str) -> Place:
    """Return the parts of ``address``: https, syslog+tls, syslog, syslog+udp or file.

    Raises InvalidInput for an address that makes no sense, or that the settings do not allow.
    """
    scheme, mark, rest = address.partition("://")
    if not mark:
        raise InvalidInput.of("address", "must be https://, syslog+tls://, syslog:// or file://")
    if scheme == "file":
        return Place(Transport.FILE, scheme, file=_file(rest))
    if scheme in SYSLOG:
        return Place(Transport.SYSLOG, scheme, _syslog(scheme, rest))
    plain = settings.STREAM_PLAIN
    found = endpoint(address, field="address", plain_http=plain, allowed=allowed())
    return Place(Transport.HTTP, scheme, found)


def allowed() -> tuple[Network, ...]:
    """Return the networks that streams may reach beside the public Internet."""
    return networks(settings.STREAM_ALLOWED_NETWORKS, field="address")


def tls() -> ssl.SSLContext:
    """Return whom TLS trusts: what the system trusts, or the certificates of the settings."""
    return ssl.create_default_context(cafile=settings.STREAM_CA or None)


def _file(name: str) -> Path:
    if not FILE_NAME.match(name):
        reason = "must be file:// and a plain name: files lie in MUNIMENT_STREAM_FOLDER"
        raise InvalidInput.of("address", reason)
    return Path(settings.STREAM_FOLDER) / name


def _syslog(scheme: str, rest: str) -> Endpoint:
    is_secure, port = SYSLOG[scheme]
    if not is_secure and not settings.STREAM_PLAIN:
        reason = f"{scheme}:// is not encrypted; MUNIMENT_STREAM_PLAIN allows it"
        raise InvalidInput.of("address", reason)
    url = f"{'https' if is_secure else 'http'}://{rest}"
    found = endpoint(url, field="address", plain_http=True, allowed=allowed())
    if found.path != "/":
        raise InvalidInput.of("address", "of syslog has a host and a port, nothing behind them")
    has_port = re.search(r":\d+/?\Z", rest) is not None
    return found if has_port else replace(found, port=port)
