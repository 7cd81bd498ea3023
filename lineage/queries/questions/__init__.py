"""Questions that people ask of lineage: each is one call, and one table."""

from __future__ import annotations

from lineage.queries.questions.changes import changes
from lineage.queries.questions.impact import impact
from lineage.queries.questions.origins import unknown_origins
from lineage.queries.questions.production import fed_production
from lineage.queries.questions.table import Table
from lineage.queries.questions.training import training_data

__all__ = ["Table", "changes", "fed_production", "impact", "training_data", "unknown_origins"]
