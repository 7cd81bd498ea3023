"""Connections refuse what looks like a secret, and never repeat it."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kinds import KINDS
from tests.registry.specs import CONNECTION_SPEC, GOOD

CONNECTION = KINDS["connection"]
# Put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "key of a provider": "sk" + "-proj-0123456789abcdefghij",
    "AWS": "AKIA" + "IOSFODNN7EXAMPLE",
    "GitHub": "ghp" + "_0123456789abcdefghijABCDEFGHIJ",
    "JWT": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "address with password": "postgresql://reader:hunter2@db.example/orders",
    "connection string": "Server=db.example;Uid=reader;Pwd=hunter2;",
    "signed address": "https://blobs.example/a?sv=1&sig=abcdef",
    "hexadecimal": "0123456789abcdef0123456789abcdef",
}
FINE = [
    "https://models.example/v1/deployments/My-Long-Resource-Group-Name-For-Search-2024",
    "postgresql://db.example:5432/orders",
    "env:SEARCH_URL",
    "tenant 01a204e8-4a05-754d-8066-2a01def5d849",
    "sha256:" + "0123456789abcdef" * 4,
    "The account is asked for by the platform team; see the handbook.",
    "abfss://container@account.dfs.core.windows.net/path",
]
REFERENCES = [
    "env:MODELS_KEY",
    "file:/run/secrets/key",
    "vault:secret/data/models#key",
    "keyvault:assist/models-key/0123456789abcdef0123456789abcdef",
    "secretsmanager:prod/models",
    "gcpsecret:assist/models-key",
    "k8s:assist/models#key",
]


def reasons(spec: dict[str, Any]) -> dict[str, str]:
    return {item.path: item.reason for item in CONNECTION.problems(spec)}


def placed(value: str) -> dict[str, dict[str, Any]]:
    """The value in every place that takes text, with the path of the place."""
    return {
        "spec.endpoint": CONNECTION_SPEC | {"endpoint": value},
        "spec.purpose": CONNECTION_SPEC | {"purpose": value},
        "spec.settings.region": CONNECTION_SPEC | {"settings": {"region": value}},
        "spec.extra.a[0].b": CONNECTION_SPEC | {"extra": {"a": [{"b": value}]}},
        "spec.authentication.secrets.key": CONNECTION_SPEC
        | {"authentication": {"method": "api_key", "secrets": {"key": value}}},
    }


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_refused_wherever_it_stands_and_not_repeated(name: str) -> None:
    for path, spec in placed(SECRETS[name]).items():
        found = reasons(spec)

        assert path in found
        assert not any(SECRETS[name] in reason for reason in found.values())


@given(st.integers(min_value=32, max_value=64))
def test_random_keys_are_refused_however_long(length: int) -> None:
    key = "".join(secrets.choice("abcdefgh0123456789ABCDEFGH") for _ in range(length - 4)) + "aB12"

    assert reasons(CONNECTION_SPEC | {"endpoint": f"https://models.example/{key}"})


@pytest.mark.parametrize("text", FINE)
def test_addresses_ids_and_prose_are_not_taken_for_secrets(text: str) -> None:
    for path, spec in placed(text).items():
        if "secrets" not in path:
            assert reasons(spec) == {}, path


@pytest.mark.parametrize("reference", REFERENCES)
def test_references_are_taken(reference: str) -> None:
    assert reasons(placed(reference)["spec.authentication.secrets.key"]) == {}


@pytest.mark.parametrize("reference", ["env:", "env:not a name", "vault:path", "k8s:a/b", "key"])
def test_a_broken_reference_is_told_with_the_forms_that_there_are(reference: str) -> None:
    spec = placed(reference)["spec.authentication.secrets.key"]

    assert "spec.authentication.secrets.key" in reasons(spec)


@pytest.mark.parametrize("name", ["password", "Client-Secret", "api_key", "accessToken"])
def test_a_setting_named_like_a_secret_must_be_a_reference(name: str) -> None:
    short = reasons(CONNECTION_SPEC | {"settings": {name: "hunter2"}})

    assert "named like a secret" in short[f"spec.settings.{name}"]
    assert "hunter2" not in str(short)
    assert reasons(CONNECTION_SPEC | {"settings": {name: "env:IT", "max_tokens": 5}}) == {}
    assert reasons(CONNECTION_SPEC | {"settings": {"tokenizer": "cl100k"}}) == {}


def test_the_schema_s_own_errors_repeat_no_value_either() -> None:
    found = reasons(CONNECTION_SPEC | {"network": SECRETS["GitHub"], "type": 5})

    assert set(found) == {"spec.network", "spec.type"}
    assert SECRETS["GitHub"] not in str(found)


def test_a_tool_s_address_may_carry_no_key() -> None:
    spec = GOOD["tool"] | {
        "implementation": {"type": "http", "reference": "https://o.example/?api_key=hunter2"}
    }

    found = KINDS["tool"].problems(spec)

    assert [item.path for item in found] == ["spec.implementation.reference"]
    assert "hunter2" not in found[0].reason
