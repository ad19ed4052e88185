"""What institutions need and offer, and the introductions between them."""
