"""The verbs of a co-op, a file a subject."""
