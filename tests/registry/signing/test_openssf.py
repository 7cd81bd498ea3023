"""What the OpenSSF's own program signs verifies here, and what we hold for signed, it does too."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from registry.signing.bundles import read_key
from registry.signing.verifying import FAILED, UNTRUSTED, VERIFIED, verify
from tests.registry.signing.signer import Signer
from tests.support.parts import PartMissing, missing
from tests.support.tools import Tool

pytestmark = [pytest.mark.slow, pytest.mark.interop]
CONTENTS = {"config.json": b"{}", "weights/w.bin": bytes(range(256)) * 99, "ä b.txt": b"text"}


@pytest.fixture(scope="module")
def model_signing() -> Tool:
    try:
        # It needs pyOpenSSL without saying so.
        return Tool.install("model-signing-1.1.1", ["model-signing==1.1.1", "pyOpenSSL"])
    except PartMissing as error:
        missing(str(error))


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    made = Signer.make()
    private = made.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "private.pem").write_bytes(private)
    (tmp_path / "public.pem").write_text(made.pem)
    for name, content in CONTENTS.items():
        path = tmp_path / "model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return made


def digests() -> dict[str, str]:
    return {
        name: f"sha256:{hashlib.sha256(content).hexdigest()}" for name, content in CONTENTS.items()
    }


def test_what_it_signs_verifies_here(model_signing: Tool, signer: Signer, tmp_path: Path) -> None:
    options = ["--private_key", "private.pem", "--signature", "model.sig"]
    done = model_signing.run("model_signing", "sign", "key", "model", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    bundle = (tmp_path / "model.sig").read_text()
    key = read_key(signer.pem)

    assert verify(bundle, keys=[key], artifacts=digests()).status == VERIFIED
    assert verify(bundle, keys=[key], artifacts=digests() | {"config.json": "x"}).status == FAILED
    assert verify(bundle, keys=[], artifacts=digests()).status == UNTRUSTED


def test_what_the_tests_sign_verifies_there(
    model_signing: Tool, signer: Signer, tmp_path: Path
) -> None:
    (tmp_path / "model.sig").write_text(signer.sign(digests()))
    options = ["--public_key", "public.pem", "--signature", "model.sig"]

    done = model_signing.run("model_signing", "verify", "key", "model", *options, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
