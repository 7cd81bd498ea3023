"""Experiments, runs, evaluations and metric definitions."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_promotion_rules")]

    operations = []
