"""Shapes of comparisons of scans."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.api.serializers.scans import ReasonSerializer
from audits.comparing import Became

BECAME = [(each.value, each.value) for each in Became]


class ComparisonQuerySerializer(serializers.Serializer[Any]):
    """Which scan to compare with, and which part of the answer."""

    change = serializers.ChoiceField(choices=BECAME, required=False, default="")
    workspace = serializers.CharField(max_length=63, required=False, default="")
    offset = serializers.IntegerField(min_value=0, required=False, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)
    format = serializers.ChoiceField(choices=("json", "csv"), required=False, default="json")

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; a word of Python cannot be the name of an attribute."""
        return {"with": serializers.UUIDField(), **super().get_fields()}


class ComparedScanSerializer(serializers.Serializer[Any]):
    """One of the two scans."""

    uuid = serializers.UUIDField()
    as_of = serializers.DateTimeField()
    digest = serializers.CharField()


class ComparedSideSerializer(serializers.Serializer[Any]):
    """What one scan found, and what that rests on."""

    state = serializers.CharField(source="result.state")
    underlying = serializers.CharField(source="result.underlying")
    severity = serializers.CharField(source="result.severity")
    policy_version = serializers.CharField(source="result.policy_version.reference")
    policy_digest = serializers.CharField(source="result.policy_version.digest")
    configuration_digest = serializers.CharField(source="snapshot_digest")
    input_digest = serializers.CharField(source="result.decision.input_id")
    engine = serializers.CharField(source="answer.engine")
    exemption = serializers.UUIDField(source="result.exemption.uuid", default=None)
    decision = serializers.UUIDField(source="result.decision.uuid")
    reasons = ReasonSerializer(source="result.reasons", many=True)


class ComparedLineSerializer(serializers.Serializer[Any]):
    """A question of which something became; ``causes`` are what was different."""

    change = serializers.ChoiceField(source="changed.became", choices=BECAME)
    identity = serializers.CharField(source="changed.identity")
    workspace = serializers.CharField(source="changed.workspace")
    policy = serializers.CharField(source="changed.policy")
    subject = serializers.CharField(source="changed.subject")
    severity = serializers.CharField(source="changed.severity")
    causes = serializers.ListField(child=serializers.CharField())
    before = ComparedSideSerializer(allow_null=True)
    after = ComparedSideSerializer(allow_null=True)


class ScanComparisonSerializer(serializers.Serializer[Any]):
    """What became of every question between two scans, in the workspaces that both cover: the
    counts of all, and one page."""

    before = ComparedScanSerializer()
    after = ComparedScanSerializer()
    workspaces = serializers.ListField(child=serializers.CharField())
    only_before = serializers.ListField(child=serializers.CharField())
    only_after = serializers.ListField(child=serializers.CharField())
    counts = serializers.DictField(child=serializers.IntegerField())
    results = ComparedLineSerializer(many=True)
    next = serializers.URLField(allow_null=True)


COLUMNS = (
    "change",
    "causes",
    "workspace",
    "policy",
    "subject",
    "severity",
    "state_before",
    "state_after",
    "policy_version_before",
    "policy_version_after",
    "policy_digest_before",
    "policy_digest_after",
    "configuration_digest_before",
    "configuration_digest_after",
    "exemption_before",
    "exemption_after",
    "engine_before",
    "engine_after",
    "identity",
)


def csv_row(line: Any) -> tuple[object, ...]:
    """Return a line as the row of CSV under COLUMNS."""
    changed = line.changed
    pairs = [
        (each.result.state, each.result.policy_version.reference, *_digests(each)) if each else ()
        for each in (line.before, line.after)
    ]
    before, after = (pair or ("",) * 6 for pair in pairs)
    both = [value for two in zip(before, after, strict=True) for value in two]
    causes = " ".join(line.causes)
    told = (changed.workspace, changed.policy, changed.subject, changed.severity)
    return (changed.became.value, causes, *told, *both, changed.identity)


def _digests(side: Any) -> tuple[str, ...]:
    answer = side.answer
    return answer.policy, answer.configuration, answer.exemption, answer.engine
