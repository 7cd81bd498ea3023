"""Pages of policies: what they say, what they are held against, and what they decided."""
