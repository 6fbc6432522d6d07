"""Quantities, money and dates as people type them; pure."""
