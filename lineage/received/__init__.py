"""What OpenLineage events of other systems say, apart from where it is kept. Plain Python."""
