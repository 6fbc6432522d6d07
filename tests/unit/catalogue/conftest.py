"""The vocabulary of the reference files, built once."""

from __future__ import annotations

import pytest

from core.catalogue.classifier import vocabulary_of_files


@pytest.fixture(scope="session")
def vocabulary():
    return vocabulary_of_files()
