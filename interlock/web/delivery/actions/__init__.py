"""The verbs of delivery, a file a subject."""
