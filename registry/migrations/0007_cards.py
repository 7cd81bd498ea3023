"""Cards, their reviews, and the fields that a stage requires."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_artifacts")]

    operations = []
