"""Reading product names as people write them; pure, on plain rows."""
