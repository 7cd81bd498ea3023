"""From journal entries to OpenLineage events. Plain Python: no Django, no database."""
