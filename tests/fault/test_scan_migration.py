"""Scans become documents and turn back into scans: no stored file and no name is lost."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories.producers import PaperFactory, ProducerFactory
from tests.fault.conftest import SCALE
from tests.integration.vault.conftest import pdf

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SCALE == 1, reason="all migrations back and forth: ./dev fault"),
]
BEFORE, AFTER = ("producers", "0004_paper_scope"), ("producers", "0005_paper_document")


def migrate(target):
    """Go to one state within this test's transaction, and return its models."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    executor = MigrationExecutor(connection)
    return executor.migrate([target]).apps


def hand_in(apps, contents):
    """Store scans as they were stored before, and return their names."""
    names = {}
    for pk, content in contents.items():
        paper = apps.get_model("producers", "Paper").objects.get(pk=pk)
        names[pk] = default_storage.save("producers/papers/2026/11/x.pdf", ContentFile(content))
        paper.evidence = names[pk]
        paper.save()
    return names


def test_every_file_survives_the_way_there_and_back():
    producer = ProducerFactory()
    ids = [PaperFactory(producer=producer).pk for _ in range(4)]
    contents = [pdf("một"), pdf("hai"), pdf("hai")]
    names = hand_in(migrate(BEFORE), dict(zip(ids[:3], contents, strict=True)))

    new = migrate(AFTER)
    papers = new.get_model("producers", "Paper").objects.in_bulk(ids)
    found = {pk: papers[pk].document.file.name for pk in names}
    assert found == names
    kept = [papers[pk].document for pk in ids[:3]]
    assert [one.sha256 for one in kept] == [hashlib.sha256(c).hexdigest() for c in contents]
    assert [one.replaced_by_id for one in kept] == [None, None, kept[1].pk]
    assert {one.organisation_id for one in kept} == {producer.pk}
    history = new.get_model("producers", "PaperRevision").objects.filter(pgh_obj_id=ids[0])
    assert history.filter(document=kept[0].pk).exists()

    new.get_model("producers", "Paper").objects.filter(pk=ids[3]).update(document=kept[0].pk)
    back = migrate(BEFORE).get_model("producers", "Paper").objects.in_bulk(ids)
    assert {pk: back[pk].evidence.name for pk in names} == names
    copied = back[ids[3]].evidence.name
    assert copied not in names.values()
    with default_storage.open(copied) as file:
        assert file.read() == contents[0]
    assert all(map(default_storage.exists, names.values()))

    again = migrate(AFTER).get_model("producers", "Paper").objects.in_bulk(ids)
    assert {pk: again[pk].document.file.name for pk in names} == names
    assert again[ids[0]].document.pk == kept[0].pk
