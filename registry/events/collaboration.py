"""What happens to owners, comments, assignments and watches. Words stay out of the journal."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class OwnerSet(Event):
    """A user or group owns the asset from now on."""

    action = "registry.owner.set"

    asset: str
    principal_kind: str
    principal: str


@dataclass(frozen=True, kw_only=True)
class OwnerEnded(Event):
    """A user or group does not own the asset any more."""

    action = "registry.owner.ended"

    asset: str
    principal_kind: str
    principal: str


@dataclass(frozen=True, kw_only=True)
class SubjectEvent(Event):
    """Base of what happens about a subject: ``about`` is asset, version, promotion,
    experiment or deployment, ``about_id`` its id, and ``asset`` the asset that it belongs
    to, if any."""

    about: str
    about_id: str
    asset: str | None


@dataclass(frozen=True, kw_only=True)
class CommentEvent(SubjectEvent):
    """Base of what happens to a comment; ``digest`` is the salted commitment to its text."""

    comment: str
    author: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class CommentAdded(CommentEvent):
    """Somebody commented, or replied to the comment ``parent`` of ``parent_author``."""

    action = "registry.comment.added"

    parent: str | None = None
    parent_author: str | None = None
    mentioned: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CommentEdited(CommentEvent):
    """The author changed the words; ``mentioned`` are the accounts that are new in them."""

    action = "registry.comment.edited"

    mentioned: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CommentRedacted(CommentEvent):
    """The words of a comment, in every revision, are gone."""

    action = "registry.comment.redacted"


@dataclass(frozen=True, kw_only=True)
class AssignmentMade(SubjectEvent):
    """Somebody was asked for a review or a task."""

    action = "registry.assignment.made"

    assignment: str
    kind: str
    assignee: str
    due_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentClosed(SubjectEvent):
    """An assignment was done, or taken back."""

    action = "registry.assignment.closed"

    assignment: str
    kind: str
    assignee: str
    assigned_by: str
    closed_as: str


@dataclass(frozen=True, kw_only=True)
class WatchStarted(Event):
    """An account asked to be told of what happens to an asset, or in the workspace."""

    action = "registry.watch.started"

    asset: str | None = None


@dataclass(frozen=True, kw_only=True)
class WatchEnded(Event):
    """An account does not want to be told any more."""

    action = "registry.watch.ended"

    asset: str | None = None
