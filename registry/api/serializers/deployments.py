"""Shapes of deployments."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import Deployment, DeploymentMember, DeploymentRevision, DeploymentState
from registry.queries.versions import reference_of

MAX_REASON = 4_000


class MemberInputSerializer(InputSerializer):
    """A version that is to serve, and its share of the traffic in percent."""

    version = serializers.CharField(max_length=1_000)
    traffic = serializers.IntegerField(min_value=0, max_value=100, default=100)


class RevisionInputSerializer(InputSerializer):
    """What a revision is to hold; what is left out stays as it is."""

    members = MemberInputSerializer(many=True, required=False)
    configuration = serializers.DictField(required=False)
    endpoint = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    application = serializers.CharField(max_length=1_000, allow_blank=True, required=False)
    owner_contact = serializers.CharField(max_length=200, allow_blank=True, required=False)


class DeploymentCreateSerializer(RevisionInputSerializer):
    """What makes a deployment with its first revision."""

    workspace = serializers.CharField(max_length=63)
    name = serializers.CharField(max_length=1_000)
    members = MemberInputSerializer(many=True)
    reason = serializers.CharField(max_length=MAX_REASON, allow_blank=True, default="")


class RevisionCreateSerializer(RevisionInputSerializer):
    """What makes the next revision, if the newest one is number ``expected``."""

    expected = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(max_length=MAX_REASON, allow_blank=True, default="")


class RollbackSerializer(InputSerializer):
    """Which revision the next one is to equal."""

    to = serializers.IntegerField(min_value=1)
    expected = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(max_length=MAX_REASON, allow_blank=True, default="")


class DeploymentReasonSerializer(InputSerializer):
    """Why."""

    reason = serializers.CharField(max_length=MAX_REASON, allow_blank=True, default="")


class StateReportSerializer(InputSerializer):
    """What a revision does, by default the newest."""

    state = serializers.ChoiceField(choices=DeploymentState.State.choices)
    revision = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(max_length=MAX_REASON, allow_blank=True, default="")


class CheckInputSerializer(InputSerializer):
    """What is asked: all members or those of one ``digest``, as they are or under a ``change``."""

    digest = serializers.CharField(max_length=71, allow_blank=True, default="")
    change = RevisionInputSerializer(required=False)


class PermitSerializer(serializers.Serializer[Any]):
    """Whether the deployment may serve now, and why not."""

    decision = serializers.CharField(help_text="allow or deny")
    reasons = serializers.ListField(child=serializers.DictField())
    revision = serializers.IntegerField(source="proposal.revision.number")
    is_proposal = serializers.BooleanField(source="proposal.is_proposal")
    verdicts = serializers.SerializerMethodField()
    evidence = serializers.ListField(child=serializers.CharField())
    binding = serializers.CharField()
    checked_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_verdicts(self, permit: Any) -> list[dict[str, Any]]:
        """Return every gate's verdict, also of those that pass."""
        return [verdict.as_json() for verdict in permit.verdicts]


class DeploymentMemberSerializer(serializers.ModelSerializer[DeploymentMember]):
    """A version that serves in a revision."""

    ref = serializers.SerializerMethodField()
    version = serializers.UUIDField(source="version.uuid")
    digest = serializers.CharField(source="version.digest")

    class Meta:
        model = DeploymentMember
        fields = ("ref", "version", "digest", "traffic")

    def get_ref(self, member: DeploymentMember) -> str:
        """Return the reference of the version."""
        return str(reference_of(member.version))


class DeploymentRevisionSerializer(serializers.ModelSerializer[DeploymentRevision]):
    """A desired state."""

    deployment = serializers.UUIDField(source="deployment.uuid")
    application = serializers.SerializerMethodField()
    equals = serializers.IntegerField(source="equals.number", default=None)
    set_by = serializers.CharField(source="set_by.username")
    members = DeploymentMemberSerializer(many=True)
    configuration = serializers.DictField()

    class Meta:
        model = DeploymentRevision
        fields = (
            "uuid",
            "deployment",
            "number",
            "members",
            "configuration",
            "endpoint",
            "application",
            "owner_contact",
            "digest",
            "equals",
            "reason",
            "set_at",
            "set_by",
        )

    def get_application(self, revision: DeploymentRevision) -> str | None:
        """Return the reference of the application that the deployment belongs to."""
        return str(reference_of(revision.application)) if revision.application else None


class DeploymentStateSerializer(serializers.ModelSerializer[DeploymentState]):
    """A state, from when to when."""

    revision = serializers.IntegerField(source="revision.number")
    set_by = serializers.CharField(source="set_by.username")

    class Meta:
        model = DeploymentState
        fields = ("aspect", "state", "revision", "reason", "set_by", "valid_from", "valid_to")


class StandingSerializer(serializers.Serializer[Any]):
    """What a revision does now."""

    revision = serializers.IntegerField()
    state = serializers.CharField()
    since = serializers.DateTimeField()


class DeploymentSerializer(serializers.ModelSerializer[Deployment]):
    """A deployment with its newest revision, what is desired, and what its revisions do."""

    workspace = serializers.CharField(source="workspace.slug")
    created_by = serializers.CharField(source="created_by.username")
    revision = serializers.SerializerMethodField()
    desired = serializers.SerializerMethodField()
    actual = serializers.SerializerMethodField()

    class Meta:
        model = Deployment
        fields = (
            "uuid",
            "workspace",
            "name",
            "revision",
            "desired",
            "actual",
            "created_at",
            "created_by",
        )

    @extend_schema_field(DeploymentRevisionSerializer)
    def get_revision(self, deployment: Any) -> dict[str, Any]:
        """Return the newest revision."""
        return DeploymentRevisionSerializer(deployment.newest[0]).data

    @extend_schema_field(serializers.CharField)
    def get_desired(self, deployment: Any) -> str:
        """Return running or stopped."""
        (fact,) = [each for each in deployment.standing if each.aspect == "desired"]
        return str(fact.state)

    @extend_schema_field(StandingSerializer(many=True))
    def get_actual(self, deployment: Any) -> list[dict[str, Any]]:
        """Return what each revision does that is not over: the newest, and any that still runs."""
        number = deployment.last_number
        return [
            {"revision": each.revision.number, "state": each.state, "since": each.valid_from}
            for each in deployment.standing
            if each.aspect == "actual"
            and (each.revision.number == number or each.state not in {"stopped", "failed"})
        ]


class ServingSerializer(serializers.ModelSerializer[DeploymentMember]):
    """A version that serves, where, and whom to ask."""

    ref = serializers.SerializerMethodField()
    version = serializers.UUIDField(source="version.uuid")
    digest = serializers.CharField(source="version.digest")
    workspace = serializers.CharField(source="revision.deployment.workspace.slug")
    deployment = serializers.UUIDField(source="revision.deployment.uuid")
    name = serializers.CharField(source="revision.deployment.name")
    revision = serializers.IntegerField(source="revision.number")
    endpoint = serializers.CharField(source="revision.endpoint")
    application = serializers.SerializerMethodField()
    owner_contact = serializers.CharField(source="revision.owner_contact")
    state = serializers.CharField()
    since = serializers.DateTimeField()

    class Meta:
        model = DeploymentMember
        fields = (
            "ref",
            "version",
            "digest",
            "traffic",
            "workspace",
            "deployment",
            "name",
            "revision",
            "endpoint",
            "application",
            "owner_contact",
            "state",
            "since",
        )

    def get_ref(self, member: DeploymentMember) -> str:
        """Return the reference of the version."""
        return str(reference_of(member.version))

    def get_application(self, member: DeploymentMember) -> str | None:
        """Return the reference of the application that the deployment belongs to."""
        application = member.revision.application
        return str(reference_of(application)) if application else None


class AsOfSerializer(serializers.Serializer[Any]):
    """As of when; now where it is left out."""

    at = serializers.DateTimeField(required=False)
