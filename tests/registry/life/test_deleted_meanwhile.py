"""What was deleted between the look at it and the change is not changed any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Gone
from core.models import JournalEntry
from registry.models import AssetTag, Card, Lifecycle, Promotion, VersionDetails, VersionTag
from registry.services import cards, deletion, descriptions, lifecycle, tags
from registry.services.promotions import request
from tests.factories import administrator, make_prompt, make_workspace, reference

pytestmark = pytest.mark.django_db
CARD = {"intended_use": "Riddles."}

# The change, the module that makes it, and what of it is called between look-up and lock.
CHANGES: dict[str, tuple[Any, str, Callable[[str], object]]] = {
    "a tag of the version": (
        tags,
        "check_reason",
        lambda ref: tags.set_version_tag(
            actor=administrator(), version=ref, key="a", value="b", reason="r"
        ),
    ),
    "a tag of the asset": (
        tags,
        "check_reason",
        lambda ref: tags.set_asset_tag(
            actor=administrator(), asset=ref, key="a", value="b", reason="r"
        ),
    ),
    "the description": (
        descriptions,
        "check_reason",
        lambda ref: descriptions.describe_version(
            actor=administrator(), version=ref, description="new", reason="r"
        ),
    ),
    "the state": (
        lifecycle,
        "check_reason",
        lambda ref: lifecycle.change(
            actor=administrator(), version=ref, state="deprecated", reason="r"
        ),
    ),
}
TABLES = (VersionTag, AssetTag, VersionDetails, Lifecycle, Card, Promotion)


def deleting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, ref: str) -> None:
    """Let somebody delete the asset right after `module.name` was called."""
    real = getattr(module, name)

    def called(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(module, name, real)
        answer = real(*args, **options)
        deletion.delete_asset(actor=administrator(), asset=ref.rpartition("/")[0], reason="gone")
        return answer

    monkeypatch.setattr(module, name, called)


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_beside_it_changes(monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    ref = reference(make_prompt(make_workspace()))
    module, name, make = CHANGES[change]
    deleting(monkeypatch, module, name, ref)

    with pytest.raises(Gone):
        make(ref)

    assert [table.__name__ for table in TABLES if table._default_manager.exists()] == []
    assert JournalEntry.objects.latest("id").action == "registry.asset.deleted"


def test_no_card_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    version = make_prompt(make_workspace())
    deleting(monkeypatch, cards, "_person", reference(version))

    with pytest.raises(Gone):
        cards.write(actor=administrator(), version=version.uuid, fields=CARD)

    assert not Card.objects.exists()


def test_no_promotion_waits_for_approval(monkeypatch: pytest.MonkeyPatch) -> None:
    ref = reference(make_prompt(make_workspace()))
    target = make_workspace(stage="production", required_approvals=1)
    deleting(monkeypatch, request, "review", ref)

    with pytest.raises(Gone):
        request.promote(actor=administrator(), source=ref, target=target.slug, reason="good")

    assert not Promotion.objects.exists()
