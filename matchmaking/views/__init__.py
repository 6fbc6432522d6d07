"""Pages of matches and of readiness."""
