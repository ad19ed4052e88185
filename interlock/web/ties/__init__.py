"""What runs between two institutions: said by one side, confirmed or disputed by the other."""
