"""Comparing Vietnamese words with and without accents; see `core.catalogue.classifier.words`."""

from __future__ import annotations

from core.catalogue.classifier import Word, words_of

__all__ = ["Word", "words_of"]
