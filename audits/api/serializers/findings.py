"""Shapes of findings, of what people decide about them, and of how they went."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.api.serializers.scans import ReasonSerializer
from audits.models import DueRule, Finding, FindingComment, Sighting
from audits.models.due_rule import MAX_DAYS
from audits.models.triage import MAX_TICKET
from audits.queries.findings import Chapter
from core.http.serializers import InputSerializer


class LatestResultSerializer(serializers.Serializer[Any]):
    """The last verdict on a finding, and the scan that found it."""

    scan = serializers.UUIDField(source="scan.uuid")
    state = serializers.CharField()
    decision = serializers.UUIDField(source="decision.uuid")
    reasons = ReasonSerializer(many=True)


class SightingSerializer(serializers.ModelSerializer[Sighting]):
    """The newest journal entry about a breach or drift: what was measured, against which bound."""

    entry = serializers.UUIDField(source="entry_uuid")
    seq = serializers.IntegerField(source="entry_seq")
    terms = serializers.DictField()

    class Meta:
        model = Sighting
        fields = (
            "entry",
            "seq",
            "occurred_at",
            "name",
            "begins",
            "measure",
            "value",
            "bound",
            "terms",
        )


class ScanFindingSerializer(serializers.ModelSerializer[Finding]):
    """A finding as it is answered: with policy, assignment and ``latest`` where it failed a policy,
    with deployment and ``evidence`` where that is beyond a threshold or drifted."""

    workspace = serializers.CharField(source="workspace.slug")
    policy = serializers.CharField(source="policy.name", default=None)
    title = serializers.CharField()
    remediation = serializers.CharField()
    assignment = serializers.UUIDField(source="assignment.uuid", default=None)
    resource = serializers.UUIDField(source="resource.uuid", default=None)
    deployment = serializers.UUIDField(source="deployment.uuid", default=None)
    reasons = ReasonSerializer(many=True)
    latest = LatestResultSerializer(source="latest_result", allow_null=True)
    evidence = SightingSerializer(source="latest_sighting", allow_null=True)
    owner = serializers.CharField(source="triaged.owner.username", default=None)
    due_at = serializers.DateTimeField(allow_null=True)
    is_overdue = serializers.BooleanField()
    ticket = serializers.CharField(source="triaged.ticket", default="")

    class Meta:
        model = Finding
        fields = (
            "uuid",
            "workspace",
            "origin",
            "policy",
            "title",
            "severity",
            "assignment",
            "reference_id",
            "subject",
            "resource",
            "deployment",
            "state",
            "resolution",
            "first_seen_at",
            "opened_at",
            "last_seen_at",
            "resolved_at",
            "regressions",
            "owner",
            "due_at",
            "is_overdue",
            "ticket",
            "reasons",
            "remediation",
            "latest",
            "evidence",
        )


class TriageChangeSerializer(InputSerializer):
    """What to change; what is left out stays, null and "" take a value away."""

    owner = serializers.CharField(
        max_length=150, required=False, allow_null=True, help_text="A username."
    )
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    ticket = serializers.CharField(
        max_length=MAX_TICKET, required=False, allow_blank=True, help_text="An address on the web."
    )
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class BulkTriageSerializer(TriageChangeSerializer):
    """What to change of which findings: all of them, or none."""

    findings = serializers.ListField(child=serializers.UUIDField(), max_length=200)


class TriageSerializer(serializers.Serializer[Any]):
    """What people decided about a finding; ``due_is_set`` tells a date that somebody set from one
    by the due rule."""

    finding = serializers.UUIDField(source="uuid")
    revision = serializers.IntegerField(source="triaged.revision", default=0)
    owner = serializers.CharField(source="triaged.owner.username", default=None)
    due_at = serializers.DateTimeField(allow_null=True)
    due_is_set = serializers.SerializerMethodField()
    is_overdue = serializers.BooleanField()
    ticket = serializers.CharField(source="triaged.ticket", default="")

    def get_due_is_set(self, finding: Finding) -> bool:
        """Tell whether somebody set the date since the finding opened."""
        triage = finding.triaged
        was_set = triage.due_set_at if triage else None
        return was_set is not None and was_set >= finding.opened_at


class ChapterSerializer(serializers.Serializer[Any]):
    """Something that happened to a finding, by a scan or a journal entry, or ``by`` somebody."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(
        choices=(
            "opened",
            "exempted",
            "reopened",
            "regraded",
            "resolved",
            "owner",
            "due",
            "ticket",
            "comment",
        )
    )
    by = serializers.CharField(source="by.username", default=None)
    severity = serializers.CharField(source="transition.severity", default=None)
    resolution = serializers.CharField(source="transition.resolution", default=None)
    scan = serializers.UUIDField(source="transition.scan.uuid", default=None)
    entry = serializers.IntegerField(source="transition.entry_seq", default=None)
    value = serializers.SerializerMethodField(method_name="get_words")
    reason = serializers.CharField(source="change.reason", default=None)
    comment = serializers.UUIDField(source="comment.uuid", default=None)

    def get_words(self, chapter: Chapter) -> str | None:
        """Return what was set; of a comment its words, null once they were taken away."""
        if chapter.comment is not None:
            return words_of(chapter.comment)
        value = chapter.value
        if chapter.kind == "due" and value is not None:
            return str(serializers.DateTimeField().to_representation(value))
        return None if value is None else str(value)


def words_of(comment: FindingComment) -> str | None:
    """Return the words of a comment, None once they were taken away."""
    words = getattr(comment, "words", None)
    return words.text if words else None


class StorySerializer(serializers.Serializer[Any]):
    """All that happened to a finding, the oldest first."""

    chapters = ChapterSerializer(many=True)


class FindingCommentCreateSerializer(InputSerializer):
    """What somebody says about a finding."""

    finding = serializers.UUIDField()
    text = serializers.CharField(max_length=20_000, help_text="Markdown; @name tells an account.")


class FindingCommentSerializer(serializers.ModelSerializer[FindingComment]):
    """A comment; ``text`` is null once its words were taken away."""

    finding = serializers.UUIDField(source="finding.uuid")
    author = serializers.CharField(source="author.username")
    text = serializers.SerializerMethodField()
    redacted_by = serializers.CharField(source="redacted_by.username", default=None)

    class Meta:
        model = FindingComment
        fields = ("uuid", "finding", "author", "created_at", "text", "redacted_at", "redacted_by")

    def get_text(self, comment: FindingComment) -> str | None:
        """Return the words."""
        return words_of(comment)


def _days() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=1, max_value=MAX_DAYS, allow_null=True, help_text="Days; null is never."
    )


class DueRuleCreateSerializer(InputSerializer):
    """Days until findings are due, by severity; without workspace for the organisation."""

    workspace = serializers.CharField(max_length=63, required=False, default="")
    critical = _days()
    high = _days()
    medium = _days()
    low = _days()
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class DueRuleSerializer(serializers.ModelSerializer[DueRule]):
    """A due rule, from when to when."""

    workspace = serializers.CharField(source="workspace.slug", default=None)
    set_by = serializers.CharField(source="set_by.username", default=None)

    class Meta:
        model = DueRule
        fields = (
            "uuid",
            "workspace",
            "critical",
            "high",
            "medium",
            "low",
            "reason",
            "set_by",
            "valid_from",
            "valid_to",
        )


class DueDaysSerializer(serializers.Serializer[Any]):
    """The days that count, and whose they are: workspace, organisation or product."""

    rule_of = serializers.ChoiceField(choices=("workspace", "organisation", "product"))
    critical = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    medium = serializers.IntegerField(allow_null=True)
    low = serializers.IntegerField(allow_null=True)


class FindingReasonSerializer(InputSerializer):
    """Why."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
