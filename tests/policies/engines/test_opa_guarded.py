"""An OPA server behind TLS and a token."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from policies.engines.base import EngineUnavailable, State
from policies.engines.opa import OpaEngine
from tests.policies.rego import DEADLINE, PASSES, bundle
from tests.support.opa import opa_binary
from tests.support.processes import ManagedProcess, free_port, wait_until

pytestmark = pytest.mark.opa
TOKEN = "of-this-test"
AUTHORIZATION = f"""package system.authz

default allow := false

allow if input.identity == "{TOKEN}"
"""


@dataclass(frozen=True)
class Guarded:
    """A server, and the certificate that vouches for it."""

    url: str
    certificate: Path


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    folder = Path(tempfile.mkdtemp(prefix="muniment-opa-tls-"))
    certificate, key = self_signed(folder)
    rules = folder / "authz.rego"
    rules.write_text(AUTHORIZATION)
    port = free_port()
    options = [f"--addr=127.0.0.1:{port}", "--authentication=token", "--authorization=basic"]
    options += [f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}"]
    process = ManagedProcess.start(
        [str(opa_binary()), "run", "--server", *options, "--log-level=error", str(rules)],
        name="opa-tls",
        log=folder / "server.log",
        cwd=folder,
    )
    try:
        process.wait_for_port(port)
        guarded = Guarded(f"https://127.0.0.1:{port}", certificate)
        wait_until(lambda: is_up(guarded), what="the guarded OPA")
        yield guarded
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for the loopback, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "opa")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "opa.pem", folder / "opa.key"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def is_up(guarded: Guarded) -> bool:
    try:
        state = ask(OpaEngine(guarded.url, token=TOKEN, ca_file=guarded.certificate))
    except EngineUnavailable:
        return False
    return state is State.PASS


def ask(engine: OpaEngine) -> State:
    asked = bundle(PASSES)
    try:
        found = engine.evaluate(
            asked, packages=asked.packages, input_json='{"x": 1}', deadline=DEADLINE
        )
    finally:
        engine.close()
    return found["p0"].state


def test_with_its_authority_and_token_it_answers(guarded: Guarded) -> None:
    engine = OpaEngine(guarded.url, token=TOKEN, ca_file=guarded.certificate)

    assert ask(engine) is State.PASS


def test_the_environment_replaces_neither_authority_nor_token(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(self_signed(tmp_path)[0]))
    monkeypatch.setenv("NETRC", str(netrc))

    assert ask(OpaEngine(guarded.url, token=TOKEN, ca_file=guarded.certificate)) is State.PASS


def test_a_server_that_nobody_vouches_for_is_unavailable(guarded: Guarded) -> None:
    with pytest.raises(EngineUnavailable, match="SSL"):
        ask(OpaEngine(guarded.url, token=TOKEN))


@pytest.mark.parametrize("token", ["", "of-somebody-else"])
def test_without_the_token_the_server_is_unavailable(guarded: Guarded, token: str) -> None:
    with pytest.raises(EngineUnavailable):
        ask(OpaEngine(guarded.url, token=token, ca_file=guarded.certificate))


def test_plain_http_to_a_server_with_tls_is_unavailable(guarded: Guarded) -> None:
    with pytest.raises(EngineUnavailable):
        ask(OpaEngine(guarded.url.replace("https", "http"), token=TOKEN))
