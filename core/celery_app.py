"""The Celery application of the scale profile, for whoever sends a task as for whoever does it.

It lies in the kernel because every process sends: tasks that belong to no application of ours would
go to Celery's default broker.
"""

from __future__ import annotations

from celery import Celery

app = Celery("muniment")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["core"], related_name="celery_tasks")
