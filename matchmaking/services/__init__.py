"""Changing matches: refreshing them, deciding on them, publishing rules."""
