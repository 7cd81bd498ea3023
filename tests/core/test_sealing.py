"""Secrets at rest can be read with the key alone, and not at all once they were changed."""

from __future__ import annotations

from typing import Any

import pytest

from core.sealing import CannotUnseal, seal, unseal


def test_what_was_sealed_comes_back_and_is_nowhere_in_the_stored_bytes() -> None:
    sealed = seal(b"a secret of some length")

    assert unseal(sealed) == b"a secret of some length"
    assert b"secret" not in sealed
    assert seal(b"a secret of some length") != sealed


def test_nothing_is_unsealed_under_another_key_or_after_a_change(settings: Any) -> None:
    sealed = seal(b"a secret")
    changed = sealed[:-10] + bytes([sealed[-10] ^ 1]) + sealed[-9:]

    with pytest.raises(CannotUnseal):
        unseal(changed)
    settings.SEALING_KEY = "another"
    with pytest.raises(CannotUnseal):
        unseal(sealed)
