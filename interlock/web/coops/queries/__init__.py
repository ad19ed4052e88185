"""What is there, a file a subject."""
