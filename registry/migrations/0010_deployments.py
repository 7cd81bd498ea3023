"""Deployments, their states, serving windows and thresholds."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_evaluations")]

    operations = []
