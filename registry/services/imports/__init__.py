"""Register what other systems and lists describe."""
