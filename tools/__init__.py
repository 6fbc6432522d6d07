"""What ./dev is made of: standard library only, no Django, usable before anything is installed."""
