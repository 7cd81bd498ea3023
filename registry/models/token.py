"""API tokens."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.ids import new_uuid
from registry.models.workspace import Workspace


class Token(models.Model):
    """A credential of a user, stored as a hash, narrowed by scopes and workspaces, and ending."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="tokens")
    prefix = models.CharField(max_length=12, unique=True)
    secret_digest = models.CharField(max_length=71)
    label = models.CharField(max_length=200, blank=True)
    scopes = models.JSONField(null=True)
    workspaces = models.ManyToManyField(Workspace, blank=True, related_name="+")
    is_limited_to_workspaces = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.prefix
