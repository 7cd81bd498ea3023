"""Secrets are taken out of documents; what only refers to them stays."""

from __future__ import annotations

from typing import Any

import pytest

from policies.normalisers.withholding import WITHHELD, withheld


@pytest.mark.parametrize(
    "document",
    [
        {"adminPassword": "hunter2"},
        {"sasToken": "hunter2"},
        {"properties": {"primaryKey": "hunter2"}},
        {"connectionString": "hunter2"},
        {"nested": [{"client_secret": "hunter2"}]},
        {"parameters": {"pw": {"type": "SecureString", "defaultValue": "hunter2"}}},
        {"parameters": {"adminPassword": {"value": "hunter2"}}},
        {"Parameters": {"P": {"NoEcho": "true", "Default": "hunter2"}}},
        {"Environment": [{"Name": "DB_PASSWORD", "Value": "hunter2"}]},
        {"values": {"a": {"b": "hunter2"}}, "sensitive_values": {"a": {"b": True}}},
        {"after": ["hunter2"], "after_sensitive": [True]},
        {"url": "https://user:hunter2@example.com/x"},
        {"spark_conf": {"x": "AccountKey=hunter2;"}},
        {"text": "-----BEGIN RSA PRIVATE KEY-----hunter2"},
    ],
)
def test_what_is_a_secret_is_replaced(document: Any) -> None:
    found, count = withheld(document)

    assert "hunter2" not in str(found)
    assert WITHHELD in str(found)
    assert count == 1


@pytest.mark.parametrize(
    "document",
    [
        {"adminPassword": "[parameters('pw')]"},
        {"password": {"Ref": "Password"}},
        {"password": "env:DB_PASSWORD"},
        {"password": ""},
        {"disablePasswordAuthentication": True},
        {"keyIdentifier": "https://kv.vault.azure.net/keys/k/aabbccddee112233445566778899aabb"},
        {"KmsKeyId": "arn:aws:kms:eu-west-1:1:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
        {"image": "acme/base@sha256:" + "a" * 64},
        {"values": {"a": None}, "sensitive_values": {"a": True}},
    ],
)
def test_what_refers_to_one_or_is_none_stays(document: Any) -> None:
    assert withheld(document) == (document, 0)


def test_withholding_twice_is_withholding_once() -> None:
    once, _ = withheld({"password": "hunter2", "parameters": {"a_secret": {"value": "x"}}})

    assert withheld(once) == (once, 0)
