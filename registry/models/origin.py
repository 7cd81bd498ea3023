"""Where a version came from, in the words of the protocol that registered it."""

from __future__ import annotations

from django.db import models

from registry.models.version import AssetVersion


class VersionOrigin(models.Model):
    """What an MLflow client said of a version that it registered.

    ``source`` is what the client gave; ``download_uri`` where the bytes are, which differs for a
    copy of another version. The run and the logged model are names in whatever tracking server
    the client used; nothing here claims that they exist.
    """

    version = models.OneToOneField(
        AssetVersion, on_delete=models.PROTECT, primary_key=True, related_name="origin"
    )
    source = models.CharField(max_length=2000)
    download_uri = models.CharField(max_length=2000)
    run_id = models.CharField(max_length=200, blank=True, db_index=True)
    run_link = models.CharField(max_length=2000, blank=True)
    model_id = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.source
