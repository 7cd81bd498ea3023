"""Stored artifacts: blobs, uploads, scans and signatures."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_life")]

    operations = []
