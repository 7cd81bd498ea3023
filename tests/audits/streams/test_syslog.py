"""Entries as messages of syslog, to collectors that read as RFC 5424 and RFC 6587 say."""

from __future__ import annotations

import datetime
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audits.models import Stream, StreamLetter
from audits.services.streams import transports
from core.actors import Actor
from tests.audits.streams.collector import collecting, collecting_datagrams
from tests.audits.streams.conftest import happen, ids, make, work_off

pytestmark = pytest.mark.django_db


def test_syslog_over_tcp_counts_octets(admin: Actor) -> None:
    with collecting() as collector:
        make(admin, f"syslog://127.0.0.1:{collector.port}", batch=4)
        written = happen(admin, 10, reason='two\nlines ] " \\ é')
        work_off()

    found = collector.parsed
    assert [json.loads(each["text"])["uuid"] for each in found] == ids(written)
    assert json.loads(found[0]["text"])["reason"] == 'two\nlines ] " \\ é'
    assert found[0]["priority"] == str(13 * 8 + 5)
    assert found[0]["time"].endswith("Z")
    assert f'id="{written[0].uuid}"' in found[0]["data"]
    assert collector.connections == 3


def test_a_connection_that_was_reset_has_its_batch_sent_again(admin: Actor) -> None:
    with collecting() as collector:
        collector.reset_first = 1
        make(admin, f"syslog://127.0.0.1:{collector.port}")
        written = happen(admin, 3)
        work_off()
        assert collector.messages == []
        assert "Error" in Stream.objects.get().error
        work_off()

    assert [json.loads(each["text"])["uuid"] for each in collector.parsed] == ids(written)


def test_syslog_over_udp_is_a_datagram_an_entry(admin: Actor) -> None:
    with collecting_datagrams() as collector:
        make(admin, f"syslog+udp://127.0.0.1:{collector.port}", format="cef")
        happen(admin, 3)
        work_off()

    found = collector.parsed
    assert len(found) == 3
    assert found[0]["text"].startswith("CEF:0|Muniment|Muniment|1|tests.log.happened|")


def test_an_entry_that_no_datagram_holds_is_set_aside(admin: Actor) -> None:
    with collecting_datagrams() as collector:
        make(admin, f"syslog+udp://127.0.0.1:{collector.port}")
        written = happen(admin, 1, reason="x" * 70_000) + happen(admin, 1)
        work_off()

    assert StreamLetter.objects.get().entry == written[0]
    assert [json.loads(each["text"])["uuid"] for each in collector.parsed] == [str(written[1].uuid)]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "collector")])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    made = builder.sign(key, hashes.SHA256())
    text = made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "collector.pem"
    path.write_bytes(text)
    return path


@pytest.fixture
def resolvable(settings: Any) -> None:
    """What the name localhost stands for may be reached."""
    settings.STREAM_ALLOWED_NETWORKS = ["127.0.0.1/32", "::1/128"]
    settings.STREAM_PLAIN = False


@pytest.mark.usefixtures("resolvable")
def test_syslog_over_tls_trusts_the_certificates_of_the_settings(
    admin: Actor, certificate: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "system_resolver", lambda host, port: ["127.0.0.1"])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with collecting(server) as collector:
        make(admin, f"syslog+tls://localhost:{collector.port}")
        written = happen(admin, 3)
        work_off()
        assert "certificate verify failed" in Stream.objects.get().error
        assert collector.messages == []

        settings.STREAM_CA = str(certificate)
        work_off()

    assert [json.loads(each["text"])["uuid"] for each in collector.parsed] == ids(written)
