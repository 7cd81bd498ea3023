"""What the registry does when it is told of what happened: a file per consumer."""
