"""The register as a map, as networks, and by who could deliver what around a place."""
