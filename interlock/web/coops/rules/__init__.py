"""Why not, a file a subject."""
