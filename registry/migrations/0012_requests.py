"""Requests that carried an idempotency key, with their effects."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_collaboration")]

    operations = []
