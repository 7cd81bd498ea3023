"""Shapes of policies and sets."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.engines.base import MAX_MODULE_BYTES
from policies.models import (
    Policy,
    PolicyFixture,
    PolicySet,
    PolicySetMember,
    PolicySetVersion,
    PolicyVersion,
)


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """A policy as it is answered; its versions have an address of their own."""

    class Meta:
        model = Policy
        fields = ("uuid", "name", "package", "last_number", "created_at")


class PolicyVersionSerializer(serializers.ModelSerializer[PolicyVersion]):
    """A policy version as lists answer it."""

    policy = serializers.CharField(source="policy.name")
    ref = serializers.CharField(source="reference")
    package = serializers.CharField(source="policy.package")
    title = serializers.CharField()
    severity = serializers.CharField()
    metadata = serializers.JSONField()

    class Meta:
        model = PolicyVersion
        fields: tuple[str, ...] = (
            "uuid",
            "ref",
            "policy",
            "number",
            "package",
            "digest",
            "title",
            "severity",
            "metadata",
            "is_checked",
            "checked_by",
            "checked_at",
            "created_at",
        )


class PolicyFixtureSerializer(serializers.ModelSerializer[PolicyFixture]):
    """An example of a policy version: an input, and the state that it must get."""

    input = serializers.JSONField()

    class Meta:
        model = PolicyFixture
        fields = ("name", "state", "digest", "input")


class PolicyVersionDetailSerializer(PolicyVersionSerializer):
    """A policy version with its text, tests and fixtures."""

    fixtures = PolicyFixtureSerializer(many=True)

    class Meta(PolicyVersionSerializer.Meta):
        fields = (*PolicyVersionSerializer.Meta.fields, "source", "tests", "fixtures")


class PolicyFixtureInputSerializer(InputSerializer):
    """An example to store: ``input`` is a whole input document of a kind that the policy judges."""

    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    state = serializers.CharField(max_length=20)
    input = serializers.JSONField()


class PolicyCreateSerializer(InputSerializer):
    """What creates a version of a policy."""

    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    tests = serializers.CharField(
        max_length=MAX_MODULE_BYTES, trim_whitespace=False, allow_blank=True, default=""
    )
    fixtures = PolicyFixtureInputSerializer(many=True, default=[])
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        source = serializers.CharField(max_length=MAX_MODULE_BYTES, trim_whitespace=False)
        return {**super().get_fields(), "source": source}


class PolicySetGroupSerializer(InputSerializer):
    """A heading that members of a set share, and the controls that they serve under it."""

    name = serializers.CharField(max_length=1_000)
    title = serializers.CharField(max_length=1_000, allow_blank=True, default="")
    controls = serializers.ListField(child=serializers.CharField(), default=[])


class PolicySetMemberSerializer(serializers.ModelSerializer[PolicySetMember]):
    """A member of a set version."""

    policy = serializers.CharField(source="policy_version.reference")
    digest = serializers.CharField(source="policy_version.digest")
    title = serializers.CharField(source="policy_version.title")
    is_checked = serializers.BooleanField(source="policy_version.is_checked")
    parameters = serializers.JSONField()
    controls = serializers.ListField(child=serializers.CharField())
    all_controls = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = PolicySetMember
        fields = (
            "reference_id",
            "policy",
            "digest",
            "title",
            "is_checked",
            "effect",
            "parameters",
            "controls",
            "group",
            "all_controls",
        )


class PolicySetSerializer(serializers.ModelSerializer[PolicySet]):
    """A policy set as it is answered."""

    class Meta:
        model = PolicySet
        fields = ("uuid", "name", "last_number", "created_at")


class PolicySetVersionSerializer(serializers.ModelSerializer[PolicySetVersion]):
    """A set version with its members."""

    set = serializers.CharField(source="policy_set.name")
    ref = serializers.CharField(source="reference")
    groups = PolicySetGroupSerializer(many=True)
    members = PolicySetMemberSerializer(many=True)

    class Meta:
        model = PolicySetVersion
        fields = (
            "uuid",
            "ref",
            "set",
            "number",
            "title",
            "description",
            "digest",
            "groups",
            "members",
            "created_at",
        )


class PolicySetMemberInputSerializer(InputSerializer):
    """A member to choose: ``policy`` is name (the newest version) or name/number."""

    policy = serializers.CharField(max_length=1_000)
    reference_id = serializers.CharField(max_length=1_000, required=False)
    effect = serializers.CharField(max_length=20, allow_blank=True, required=False)
    parameters = serializers.DictField(required=False)
    controls = serializers.ListField(child=serializers.CharField(), required=False)
    group = serializers.CharField(max_length=1_000, allow_blank=True, required=False)


class PolicySetCreateSerializer(InputSerializer):
    """What creates a version of a set."""

    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    members = PolicySetMemberInputSerializer(many=True)
    groups = PolicySetGroupSerializer(many=True, required=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
