"""Reading addresses as people write them; pure, on plain rows."""
