"""Geography that changes by law: units with dates, neighbours, roads, pacts."""
