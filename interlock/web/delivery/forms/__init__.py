"""What people say of deliveries, calls, bids and money."""
