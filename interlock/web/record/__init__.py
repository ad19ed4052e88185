"""What happened: the append-only, hash-linked log, each fact with its audience."""
