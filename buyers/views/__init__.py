"""Pages of buyers, and of those who read their requests."""
