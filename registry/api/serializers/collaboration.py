"""Shapes of owners, comments, assignments, watches and notifications."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import AssetOwner, Assignment, Comment, CommentRevision, Notification, Watch
from registry.models.subject import AboutSubject
from registry.queries.subjects import subject_behind
from registry.queries.versions import asset_reference


class OwnerFactSerializer(serializers.ModelSerializer[AssetOwner]):
    """An ownership, also one that has ended."""

    asset = serializers.SerializerMethodField()
    username = serializers.CharField(source="user.username", default=None)
    group = serializers.CharField(source="group.name", default=None)

    class Meta:
        model = AssetOwner
        fields = ("uuid", "asset", "username", "group", "valid_from", "valid_to")

    def get_asset(self, owner: AssetOwner) -> str:
        """Return the reference of the asset."""
        return str(asset_reference(owner.asset))


class OwnerSerializer(serializers.Serializer[Any]):
    """Who owns an asset now; ``is_default`` where nobody was named and the creator counts."""

    username = serializers.CharField(allow_null=True)
    group = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()
    is_default = serializers.BooleanField()


class OwnersSerializer(serializers.Serializer[Any]):
    """The owners of an asset."""

    asset = serializers.CharField()
    owners = OwnerSerializer(many=True)


class OwnerCreateSerializer(InputSerializer):
    """What makes a user or a group an owner."""

    asset = serializers.CharField(max_length=1_000)
    username = serializers.CharField(max_length=150, default="")
    group = serializers.CharField(max_length=150, default="")
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class SubjectSerializer(serializers.Serializer[Any]):
    """What something is about: its kind, its id, and how people name it."""

    type = serializers.CharField()
    uuid = serializers.UUIDField()
    ref = serializers.CharField()


def subject_as_json(about: AboutSubject) -> dict[str, Any]:
    """Return the subject of a row with what SUBJECT_ROWS loads."""
    subject = subject_behind(about)
    return {"type": subject.field, "uuid": subject.row.uuid, "ref": subject.reference}


class AboutSerializer(InputSerializer):
    """Names one subject: an asset or version by reference, or something else by id."""

    asset = serializers.CharField(max_length=1_000, required=False)
    version = serializers.CharField(max_length=1_000, required=False)
    promotion = serializers.UUIDField(required=False)
    experiment = serializers.UUIDField(required=False)
    deployment = serializers.UUIDField(required=False)


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment with its newest words: Markdown as it was written, null once they are gone."""

    workspace = serializers.CharField(source="workspace.slug")
    subject = serializers.SerializerMethodField()
    author = serializers.CharField(source="author.username")
    revision = serializers.IntegerField(source="last_revision")
    text = serializers.SerializerMethodField()
    mentions = serializers.SerializerMethodField()
    edited_at = serializers.SerializerMethodField()
    redacted_by = serializers.CharField(source="redacted_by.username", default=None)

    class Meta:
        model = Comment
        fields = (
            "uuid",
            "workspace",
            "subject",
            "author",
            "created_at",
            "revision",
            "text",
            "mentions",
            "edited_at",
            "redacted_at",
            "redacted_by",
        )

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, comment: Comment) -> dict[str, Any]:
        """Return what the comment is about."""
        return subject_as_json(comment)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``parent``, which as a class attribute would hide a field's own."""
        parent = serializers.UUIDField(source="parent.uuid", default=None)
        return {**super().get_fields(), "parent": parent}

    def get_text(self, comment: Comment) -> str | None:
        """Return the newest words."""
        return words_of(_newest(comment))

    def get_mentions(self, comment: Comment) -> list[str]:
        """Return the names of the accounts that the newest words mention."""
        return sorted(mention.user.username for mention in _newest(comment).mentions.all())

    def get_edited_at(self, comment: Comment) -> str | None:
        """Return when the newest words were written, null for a comment as it first was."""
        newest = _newest(comment)
        return newest.created_at.isoformat() if newest.number > 1 else None


def _newest(comment: Any) -> CommentRevision:
    newest: CommentRevision = comment.latest[0]
    return newest


def words_of(revision: CommentRevision) -> str | None:
    """Return the words of a revision, None once they were taken away."""
    return revision.words.text if hasattr(revision, "words") else None


class RevisionSerializer(serializers.ModelSerializer[CommentRevision]):
    """One revision; ``commitment`` is what the journal has of its words."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = CommentRevision
        fields = ("number", "text", "commitment", "created_at")

    def get_text(self, revision: CommentRevision) -> str | None:
        """Return the words, null once they are gone."""
        return words_of(revision)


class CommentCreateSerializer(AboutSerializer):
    """What adds a comment."""

    text = serializers.CharField(max_length=20_000, trim_whitespace=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``parent``, which as a class attribute would hide a field's own."""
        parent = serializers.UUIDField(required=False, allow_null=True, default=None)
        return {**super().get_fields(), "parent": parent}


class CommentChangeSerializer(InputSerializer):
    """What gives a comment other words; ``expected`` is the revision that was read."""

    text = serializers.CharField(max_length=20_000, trim_whitespace=False)
    expected = serializers.IntegerField(min_value=1, max_value=10_000, required=False)


class WorkAssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A piece of work that somebody was asked for."""

    workspace = serializers.CharField(source="workspace.slug")
    subject = serializers.SerializerMethodField()
    assignee = serializers.CharField(source="assignee.username")
    assigned_by = serializers.CharField(source="assigned_by.username")
    closed_by = serializers.CharField(source="closed_by.username", default=None)

    class Meta:
        model = Assignment
        fields = (
            "uuid",
            "workspace",
            "subject",
            "kind",
            "note",
            "assignee",
            "assigned_by",
            "created_at",
            "due_at",
            "outcome",
            "closed_at",
            "closed_by",
        )

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, assignment: Assignment) -> dict[str, Any]:
        """Return what the work is about."""
        return subject_as_json(assignment)


class WorkAssignmentCreateSerializer(AboutSerializer):
    """What asks somebody for work."""

    kind = serializers.ChoiceField(choices=Assignment.Kind.choices)
    assignee = serializers.CharField(max_length=150)
    note = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class WorkAssignmentCloseSerializer(InputSerializer):
    """How an assignment ended."""

    outcome = serializers.ChoiceField(choices=Assignment.Outcome.choices)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class WatchSerializer(serializers.ModelSerializer[Watch]):
    """A watch; ``asset`` is null where the whole workspace is watched."""

    workspace = serializers.CharField(source="workspace.slug")
    asset = serializers.SerializerMethodField()

    class Meta:
        model = Watch
        fields = ("uuid", "workspace", "asset", "created_at")

    def get_asset(self, watch: Watch) -> str | None:
        """Return the reference of the watched asset."""
        return str(asset_reference(watch.asset)) if watch.asset else None


class WatchCreateSerializer(InputSerializer):
    """What starts a watch: either of the two."""

    workspace = serializers.CharField(max_length=63, default="")
    asset = serializers.CharField(max_length=1_000, default="")


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """A notification: ``subject`` is what it is about, ``reason`` why this account is told."""

    workspace = serializers.CharField(source="workspace.slug")
    entry = serializers.UUIDField(source="entry.uuid")

    class Meta:
        model = Notification
        fields = (
            "uuid",
            "workspace",
            "action",
            "subject",
            "reason",
            "entry",
            "occurred_at",
            "read_at",
        )


class ReadAllSerializer(InputSerializer):
    """Up to which notification, itself included, all are read; null for all there are."""

    until = serializers.UUIDField(required=False, allow_null=True, default=None)


class CountSerializer(serializers.Serializer[Any]):
    """A number of notifications."""

    count = serializers.IntegerField()
