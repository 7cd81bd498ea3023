"""What we compute ourselves of evaluations and of drift, by kept libraries. Free of Django."""
