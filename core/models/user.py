"""People and services."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from core.ids import new_uuid


class User(AbstractUser):
    """An account: of a person, or of a program that works by API token."""

    class Kind(models.TextChoices):
        HUMAN = "human"
        SERVICE = "service"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.HUMAN)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["human", "service"]), name="core_user_kind"
            ),
        ]
