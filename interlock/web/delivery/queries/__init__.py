"""What there is to read of deliveries, calls, bids and money."""
