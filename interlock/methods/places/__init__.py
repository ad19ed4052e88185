"""Places: where a name is, and how far two points are apart."""
