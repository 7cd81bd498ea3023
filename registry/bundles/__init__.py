"""The file that carries a version from one installation to another, in plain Python."""
