from __future__ import annotations

import pytest
from django.urls import reverse

from core.actors import Actor
from registry.models import AssetVersion, DeploymentRevision, Workspace
from tests import factories
from tests.console.models import model
from tests.console.pages import browser
from tests.registry.catalogue.following import MODEL

CATALOGUE = reverse("admin:console_catalogue")
REGISTER = reverse("admin:console_register")
MODEL_TEXT = "source: {type: hosted, uri: 'https://m.example/v1', provider: Example}\ntask: chat\n"


def registering(place: Workspace, **changes: str) -> dict[str, str]:
    form = {
        "workspace": place.slug,
        "kind": "model",
        "name": "writer",
        "spec": MODEL_TEXT + "license: mit\n",
        "links": "",
        "aliases": "champion, next",
        "if_same": "new",
        "reason": "",
    }
    return {**form, **changes}


def test_a_version_is_registered_on_a_form(place: Workspace, author: Actor) -> None:
    dataset = factories.make_dataset(place, actor=author)
    links = f"trained_on {factories.reference(dataset)}\n"

    response = browser(author).post(REGISTER, registering(place, links=links))

    made = AssetVersion.objects.get(asset__name="writer")
    assert response.headers["Location"] == reverse(
        "admin:registry_assetversion_change", args=[made.pk]
    )
    assert sorted(made.aliases.values_list("name", flat=True)) == ["champion", "next"]
    assert [link.target_id for link in made.links.all()] == [dataset.pk]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (MODEL_TEXT, "license"),
        ("source: [", "not YAML"),
        ("- a list", "Write an object"),
        ("a: &x 1\nb: *x", "nchor"),
    ],
)
def test_a_content_that_cannot_be_is_told_and_kept_on_the_form(
    place: Workspace, author: Actor, spec: str, told: str
) -> None:
    response = browser(author).post(REGISTER, registering(place, spec=spec))

    shown = response.content.decode()
    assert response.status_code == 200
    assert told in shown
    assert spec.split(maxsplit=1)[0] in shown
    assert "champion, next" in shown
    assert not AssetVersion.objects.filter(asset__name="writer").exists()


def test_every_kind_has_a_form_that_starts_from_what_its_schema_requires(
    place: Workspace, author: Actor
) -> None:
    client = browser(author)

    for kind in client.get(REGISTER).context["kinds"]:
        form = client.get(REGISTER, {"kind": kind.slug}).context["form"]
        assert form.initial["kind"] == kind.slug
        for name in kind.schema.get("required", ()):
            assert f"{name}:" in form.initial["spec"], (kind.slug, name)


def test_what_is_wrong_deep_in_the_content_is_told_at_the_content(
    place: Workspace, author: Actor
) -> None:
    spec = "source: {type: 5}\ntask: chat\nlicense: mit\n"

    response = browser(author).post(REGISTER, registering(place, spec=spec))

    assert "spec.source.type" in str(response.context["form"].errors["spec"])


def test_the_page_of_a_version_leads_on_those_who_may(place: Workspace, author: Actor) -> None:
    version = model(place, author, "base")
    page = reverse("admin:registry_assetversion_change", args=[version.pk])
    derive, deploy = (
        reverse(f"admin:console_{verb}", args=[version.uuid]) for verb in ("derive", "deploy")
    )
    deployer = factories.member(place, "deployer")

    for_author = browser(author).get(page).content.decode()
    for_deployer = browser(deployer).get(page).content.decode()

    assert (derive in for_author, deploy in for_author) == (True, False)
    assert (derive in for_deployer, deploy in for_deployer) == (False, True)


def test_a_reader_registers_nothing(place: Workspace) -> None:
    reader = factories.member(place, "reader")

    response = browser(reader).post(REGISTER, registering(place))

    assert response.status_code == 200
    assert not AssetVersion.objects.exists()
    assert REGISTER not in browser(reader).get(CATALOGUE).content.decode()


def test_a_version_is_derived_on_a_form(place: Workspace, author: Actor) -> None:
    origin = model(place, author, "base")
    form = {
        "role": "fine_tuned_from",
        "workspace": place.slug,
        "name": "tuned",
        "spec": "task: summarization\n",
        "aliases": "",
        "reason": "",
    }

    browser(author).post(reverse("admin:console_derive", args=[origin.uuid]), form)

    made = AssetVersion.objects.get(asset__name="tuned")
    assert made.spec.body == {**MODEL, "task": "summarization"}
    assert [(link.role, link.target_id) for link in made.links.all()] == [
        ("fine_tuned_from", origin.pk)
    ]


def test_a_version_is_deployed_on_a_form_by_those_who_may(place: Workspace, author: Actor) -> None:
    version = model(place, author, "base")
    deployer = factories.member(place, "deployer")
    address = reverse("admin:console_deploy", args=[version.uuid])
    form = {"name": "chat", "endpoint": "", "configuration": "", "reason": ""}

    refused = browser(author).post(address, form)
    assert (refused.status_code, DeploymentRevision.objects.count()) == (200, 0)
    response = browser(deployer).post(address, form)

    made = DeploymentRevision.objects.get()
    assert response.headers["Location"] == reverse(
        "admin:console_deployment", args=[made.deployment.uuid]
    )
    assert [(each.version_id, each.traffic) for each in made.members.all()] == [(version.pk, 100)]


def test_an_outsider_reaches_no_form_of_a_version(place: Workspace, author: Actor) -> None:
    version = model(place, author, "base")
    client = browser(factories.make_actor())

    for name in ("admin:console_derive", "admin:console_deploy"):
        assert client.get(reverse(name, args=[version.uuid])).status_code == 404
        assert client.post(reverse(name, args=[version.uuid])).status_code == 404
