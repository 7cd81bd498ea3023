"""A result may be a conflict: a failure whose mending contradicts another rule."""

from __future__ import annotations

from django.db import migrations, models

from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0005_transparency_log"),
        ("policies", "0004_terms"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="scanresult",
            name="scan_result_state",
        ),
        migrations.RemoveConstraint(
            model_name="scanresult",
            name="scan_result_exempt_by_exemption",
        ),
        migrations.AlterField(
            model_name="scanresult",
            name="state",
            field=models.CharField(
                choices=[
                    ("pass", "Pass"),
                    ("fail", "Fail"),
                    ("error", "Error"),
                    ("unknown", "Unknown"),
                    ("not_applicable", "Not Applicable"),
                    ("exempt", "Exempt"),
                    ("conflict", "Conflict"),
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="scanresult",
            name="underlying",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pass", "Pass"),
                    ("fail", "Fail"),
                    ("error", "Error"),
                    ("unknown", "Unknown"),
                    ("not_applicable", "Not Applicable"),
                    ("exempt", "Exempt"),
                    ("conflict", "Conflict"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddConstraint(
            model_name="scanresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "pass",
                            "fail",
                            "error",
                            "unknown",
                            "not_applicable",
                            "exempt",
                            "conflict",
                        ],
                    )
                ),
                name="scan_result_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="scanresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "exempt"),
                        models.Q(("underlying", ""), _negated=True),
                        ("exemption__isnull", False),
                    ),
                    models.Q(
                        ("exemption__isnull", True), ("state", "conflict"), ("underlying", "fail")
                    ),
                    models.Q(
                        models.Q(("state__in", ["exempt", "conflict"]), _negated=True),
                        ("exemption__isnull", True),
                        ("underlying", ""),
                    ),
                    _connector="OR",
                ),
                name="scan_result_exempt_by_exemption",
            ),
        ),
        GuardRows("ScanResult"),
    ]
