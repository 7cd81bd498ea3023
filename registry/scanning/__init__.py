"""What is in an artifact, told without ever loading it. Free of Django."""
