"""Documents of any form become snapshots, each of its resources for itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from core.errors import AccessDenied, InvalidInput, TooLarge
from core.models import JournalEntry
from policies.documents import configuration_document
from policies.models import Resource, Snapshot, SourceDocument
from policies.services import submissions
from policies.services.submissions import Particulars, Submission
from registry.models import Workspace
from tests.factories import administrator, make_workspace, member, token_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
UPLOADS = "/api/policies/snapshots/uploads/"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
COMPUTE: dict[str, Any] = {
    "type": f"{WORKSPACE}/computes",
    "name": "ws/cpu",
    "properties": {"computeType": "AmlCompute"},
}


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def admin(prod: Workspace) -> APIClient:
    return token_client(administrator())


def template(*more: dict[str, Any], access: str = "Enabled") -> dict[str, Any]:
    workspace = {
        "type": WORKSPACE,
        "name": "ws",
        "properties": {"publicNetworkAccess": access},
    }
    return {"resources": [workspace, *more]}


def submit(document: object, *, form: str = "arm-template", **told: Any) -> Submission:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return submissions.submit_document(
        actor=administrator(), workspace="prod", form=form, body=body, about=Particulars(**told)
    )


def test_each_resource_of_a_document_is_a_snapshot_of_its_own(prod: Workspace) -> None:
    done = submit(template(COMPUTE))

    assert [(each.resource.type, each.resource.external_id) for each in done.snapshots] == [
        (WORKSPACE, "ws"),
        (f"{WORKSPACE}/computes", "ws/cpu"),
    ]
    assert {each.resource.source for each in done.snapshots} == {"arm-template"}
    assert {each.provenance for each in done.snapshots} == {"declared"}
    assert JournalEntry.objects.filter(action="policies.snapshot.submitted").count() == 2


def test_policies_are_told_the_form_and_what_it_told(prod: Workspace) -> None:
    snapshot = submit(template()).snapshots[0]

    document = configuration_document(Snapshot.objects.get(pk=snapshot.pk))

    assert document["resource"]["format"] == "arm-template"
    assert document["configuration"]["properties"] == {"publicNetworkAccess": "Enabled"}
    assert document["fields"]["properties.publicNetworkAccess"] == "declared"


def test_the_document_is_kept_once_byte_for_byte(prod: Workspace) -> None:
    body = json.dumps(template(), indent=7).encode()

    first, second = submit(body), submit(body)

    kept = SourceDocument.objects.get()
    assert bytes(kept.body) == body
    assert not kept.is_redacted
    assert {each.snapshots[0].source_document_id for each in (first, second)} == {kept.digest}


def test_secrets_are_replaced_before_anything_is_kept(prod: Workspace) -> None:
    document = template()
    document["parameters"] = {
        "pw": {"type": "secureString", "defaultValue": "hunter2"},
        "ok": {"type": "string", "defaultValue": "plain"},
    }
    document["resources"][0]["properties"] |= {
        "adminPassword": "hunter3",
        "description": "see https://user:hunter4@example.com",
        "containerSecret": "[parameters('pw')]",
    }

    done = submit(document)

    everything = bytes(SourceDocument.objects.get().body).decode()
    everything += json.dumps(Snapshot.objects.get().document)
    assert "hunter" not in everything
    assert "plain" in everything
    assert done.source_document.is_redacted
    assert done.snapshots[0].document["properties"]["containerSecret"] == "[parameters('pw')]"


def test_what_cannot_be_recorded_is_refused_and_the_rest_is_not_held_up(prod: Workspace) -> None:
    long = {**COMPUTE, "name": "ws/" + "x" * 600}
    twice = template(COMPUTE, long, COMPUTE, {**COMPUTE, "condition": False, "name": "ws/off"})

    done = submit(twice)

    assert [each.resource.external_id for each in done.snapshots] == ["ws", "ws/cpu"]
    assert [each.reason for each in done.refused] == [
        "external_id: must have 1 to 500 printable characters, no space at its ends",
        "stands in the document already",
    ]
    assert [each.reason for each in done.skipped] == ["its condition is false"]


@pytest.mark.parametrize(
    ("form", "body", "reason"),
    [
        ("arm-template", b"{", "not JSON"),
        ("arm-template", b'{"resources": [], "resources": []}', "twice"),
        ("arm-template", b'{"resources": NaN}', "NaN"),
        ("arm-template", b'{"resources": []}', "no resource"),
        ("arm-template", b'{"properties":' * 3000 + b"1" + b"}" * 3000, "nested deeper"),
        ("azureml-cli", b"a: &x [1]\nb: *x\n", "aliases"),
        ("azureml-cli", b"a: !!python/object:os.system x\n", "Tags"),
        ("azureml-cli", b"name: x\n", r"\$schema"),
        ("no-such-form", b"{}", "must be one of arm-template"),
        ("terraform-plan", b"a: \xc3(", "not YAML"),
        ("native", b"[" * 100_000, "nested deeper"),
    ],
)
def test_bad_documents_say_what_is_wrong_and_leave_nothing(
    prod: Workspace, form: str, body: bytes, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        submit(body, form=form)

    assert not Resource.objects.exists()
    assert not SourceDocument.objects.exists()


def test_fifty_megabytes_are_too_much_and_leave_nothing(admin: APIClient) -> None:
    body = b'{"resources": "' + b"x" * (50 * 1024 * 1024) + b'"}'

    with pytest.raises(TooLarge, match="over the limit of 16777216 bytes; split it"):
        submit(body)
    answer = admin.post(
        f"{UPLOADS}?workspace=prod&format=arm-template", body, content_type="application/json"
    )

    assert answer.status_code == 413
    assert "the limit is 2097152 (MUNIMENT_MAX_BODY_BYTES)" in answer.json()["detail"]
    assert not SourceDocument.objects.exists()


def test_submitting_needs_the_right_and_the_source_of_this_service_is_its_own(
    prod: Workspace,
) -> None:
    with pytest.raises(AccessDenied):
        submissions.submit_document(
            actor=member(prod, "reader"), workspace="prod", form="native", body=b"{}"
        )
    with pytest.raises(InvalidInput) as refused:
        submit(template(), source="muniment")

    assert "itself" in refused.value.errors[0].reason


def upload(client: APIClient, body: bytes, *, content_type: str, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return client.post(f"{UPLOADS}?{asked}", body, content_type=content_type)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/yaml"])
def test_the_body_of_a_request_can_be_the_document(admin: APIClient, content_type: str) -> None:
    answer = upload(
        admin,
        json.dumps(template(COMPUTE)).encode(),
        content_type=content_type,
        workspace="prod",
        format="arm-template",
        source="ci",
    )

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert [each["external_id"] for each in told["snapshots"]] == ["ws", "ws/cpu"]
    assert {each["source"] for each in told["snapshots"]} == {"ci"}
    assert told["refused"] == told["skipped"] == []


def test_a_form_can_carry_the_document_as_a_file(admin: APIClient) -> None:
    yaml = b"name: cpu\ntype: amlcompute\nmin_instances: 0\n"
    answer = admin.post(
        UPLOADS,
        {
            "file": SimpleUploadedFile("cpu.yml", yaml),
            "workspace": "prod",
            "format": "azureml-cli",
        },
        format="multipart",
    )

    assert answer.status_code == 201, answer.content
    (snapshot,) = answer.json()["snapshots"]
    source = admin.get(f"/api/policies/snapshots/{snapshot['uuid']}/source/")
    assert source.content == yaml
    assert source["Content-Disposition"].endswith('.yaml"')


def test_cloudformation_is_taken_with_its_short_functions(admin: APIClient) -> None:
    yaml = b"""Resources:
  One:
    Type: AWS::SageMaker::Model
    Properties: {ExecutionRoleArn: !GetAtt Role.Arn}
"""
    answer = upload(
        admin, yaml, content_type="application/yaml", workspace="prod", format="cloudformation"
    )

    (snapshot,) = answer.json()["snapshots"]
    told = admin.get(f"/api/policies/snapshots/{snapshot['uuid']}/").json()
    assert told["document"] == {"ExecutionRoleArn": {"Fn::GetAtt": "Role.Arn"}}
    assert told["told"]["ExecutionRoleArn"] == "declared"


def test_one_configuration_can_be_sent_in_its_form(admin: APIClient) -> None:
    body = {"workspace": "prod", "format": "arm-template", "document": template(access="Disabled")}

    answer = admin.post("/api/policies/snapshots/", body, format="json")
    several = admin.post(
        "/api/policies/snapshots/", {**body, "document": template(COMPUTE)}, format="json"
    )

    assert answer.status_code == 201, answer.content
    assert answer.json()["format"] == "arm-template"
    assert several.status_code == 400
    assert "upload" in several.json()["detail"]
    assert Snapshot.objects.count() == 1


def test_the_forms_are_listed(admin: APIClient) -> None:
    names = [each["name"] for each in admin.get("/api/policies/snapshots/formats/").json()]

    assert names[0] == "arm-template"
    assert "terraform-plan" in names


def test_two_snapshots_are_compared_path_by_path(admin: APIClient) -> None:
    first = submit(template(access="Enabled")).snapshots[0]
    document = template(access="Disabled")
    document["resources"][0]["tags"] = {"team": "a"}
    second = submit(document).snapshots[0]

    address = f"/api/policies/snapshots/{second.uuid}/diff/"
    told = admin.get(address).json()
    again = admin.get(f"{address}?against={first.uuid}").json()
    alone = admin.get(f"/api/policies/snapshots/{first.uuid}/diff/")

    assert told == again
    assert told["changes"] == [
        {
            "path": "properties.publicNetworkAccess",
            "kind": "changed",
            "before": "Enabled",
            "after": "Disabled",
        },
        {"path": "tags", "kind": "added", "before": None, "after": {"team": "a"}},
    ]
    assert told["told"] == [{"path": "tags.team", "before": "", "after": "declared"}]
    assert alone.status_code == 400


def test_snapshots_of_two_resources_are_not_compared(admin: APIClient) -> None:
    one, other = submit(template(COMPUTE)).snapshots

    answer = admin.get(f"/api/policies/snapshots/{one.uuid}/diff/?against={other.uuid}")

    assert answer.status_code == 400
    assert "same resource" in answer.json()["detail"]
