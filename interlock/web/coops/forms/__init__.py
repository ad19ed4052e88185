"""What people type, a file a subject."""
