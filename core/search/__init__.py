"""Finding rows by words: exact accents first, typing errors forgiven."""
