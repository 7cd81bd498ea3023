"""A browser for tests of pages, and a small organisation to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.test import Client
from django.urls import reverse

from registry.models import AssetVersion, Promotion, Workspace
from registry.services import versions
from registry.services.promotions import request
from tests import factories

if TYPE_CHECKING:
    from core.actors import Actor

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(actor: Actor) -> Client:
    """A browser in which the account is logged in."""
    assert actor.user is not None
    client = Client()
    client.force_login(actor.user, backend=BACKEND)
    return client


@dataclass(frozen=True)
class Scene:
    """Two workspaces, a promotion from one into the other that waits, and one person per role."""

    source: Workspace
    target: Workspace
    version: AssetVersion
    promotion: Promotion
    author: Actor
    deployer: Actor
    approver: Actor
    auditor: Actor
    outsider: Actor

    @property
    def version_page(self) -> str:
        return reverse("admin:registry_assetversion_change", args=[self.version.pk])

    @property
    def asset_page(self) -> str:
        return reverse("admin:registry_asset_change", args=[self.version.asset_id])

    @property
    def promotion_page(self) -> str:
        return reverse("admin:registry_promotion_change", args=[self.promotion.pk])

    @property
    def workspace_page(self) -> str:
        return reverse("admin:registry_workspace_change", args=[self.target.pk])

    def address(self, verb: str) -> str:
        """The form that does ``verb`` with the promotion."""
        return reverse(f"admin:registry_promotion_{verb}", args=[self.promotion.uuid])


def make_scene() -> Scene:
    """A new scene; nothing in it has a name from an earlier one."""
    source = factories.make_workspace()
    target = factories.make_workspace(stage="production", required_approvals=1)
    author = factories.member(source, "author")
    deployer = factories.member(target, "deployer")
    factories.grant(deployer, source, "reader")
    dataset = factories.make_dataset(source, actor=author)
    version = factories.make_model(source, actor=author, trained_on=[dataset])
    promotion = request.promote(
        actor=deployer,
        source=factories.reference(version),
        target=target.slug,
        alias="production",
        reason="It is wanted by the support team.",
    )
    auditor = factories.member(target, "auditor")
    return Scene(
        source=source,
        target=target,
        version=version,
        promotion=promotion,
        author=author,
        deployer=deployer,
        approver=factories.member(target, "approver"),
        auditor=auditor,
        outsider=factories.make_actor(),
    )


def register_more(scene: Scene, count: int) -> None:
    """Give the scene's asset ``count`` more versions, and its workspace as many assets."""
    asset = scene.version.asset
    for number in range(count):
        versions.register(
            actor=scene.author,
            workspace=scene.source.slug,
            kind=asset.kind,
            name=asset.name,
            spec={**factories.MODEL_SPEC, "parameters": number + 1},
        )
        factories.make_prompt(scene.source, actor=scene.author)
