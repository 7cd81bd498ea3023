"""The OpenLineage protocol: events of other systems come in here."""
