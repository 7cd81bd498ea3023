"""Where the bytes of artifacts lie: a folder or an S3-compatible service. Free of Django."""
