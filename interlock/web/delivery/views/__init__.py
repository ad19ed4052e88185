"""The pages of delivery, a file a subject."""
