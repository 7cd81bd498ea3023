"""`manage.py doctor`: what is there, what is missing, what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from console import diagnosis


class Command(BaseCommand):
    help = "Examine this installation; exits with 1 when something is wrong."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(diagnosis.examine())
        for finding in findings:
            self.stdout.write(f"{finding.state:8} {finding.name:14} {finding.detail}")
        if any(finding.state is diagnosis.State.PROBLEM for finding in findings):
            sys.exit(1)
