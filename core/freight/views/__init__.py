"""Pages of roads, gates and pacts."""
