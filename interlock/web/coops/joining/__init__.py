"""What this room tells the lists of the rooms below it, a file a subject."""
