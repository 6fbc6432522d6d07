"""What is traded and in which units: the category tree and units of measure."""
