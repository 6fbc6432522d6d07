"""The officer's desk: the queue, one paper, many papers at once, and how the desk does."""
