"""A paper's scan becomes a document of the vault; each stored file stays where it is, both ways."""

import hashlib
import uuid
from pathlib import PurePosixPath

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.core.files.storage import default_storage
from django.db import migrations, models

# What a browser or Pillow may have called them before names were chosen by us.
_TYPES = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "webp": "webp"}
_PIECE = 1024 * 1024


def files_become_documents(apps, schema_editor):
    """Give each stored scan a document; the same content twice is two rows, one of them current."""
    Paper = apps.get_model("producers", "Paper")
    Revision = apps.get_model("producers", "PaperRevision")
    Document = apps.get_model("vault", "Document")
    for paper in Paper.objects.exclude(evidence="").order_by("pk").iterator(chunk_size=500):
        name = paper.evidence.name
        document = Document.objects.filter(file=name).first() or _document(Document, paper, name)
        Paper.objects.filter(pk=paper.pk).update(document=document)
        Revision.objects.filter(pgh_obj_id=paper.pk, evidence=name).update(document=document)
    _settle(schema_editor)


def documents_become_files(apps, schema_editor):
    """Give each paper its file back; one that serves several papers is copied for the others."""
    Paper = apps.get_model("producers", "Paper")
    Revision = apps.get_model("producers", "PaperRevision")
    taken = set()
    papers = Paper.objects.exclude(document=None).select_related("document").order_by("pk")
    for paper in papers.iterator(chunk_size=500):
        name = paper.document.file.name
        if name in taken and default_storage.exists(name):
            name = _copied(name)
        taken.add(name)
        Paper.objects.filter(pk=paper.pk).update(evidence=name)
        own = Revision.objects.filter(pgh_obj_id=paper.pk, document=paper.document_id)
        own.update(evidence=name)
    _settle(schema_editor)


def _document(Document, paper, name):
    size, sha256 = _measured(name, paper.pk)
    title = f"{paper.get_kind_display()} {paper.number}"[:160]
    same = Document.objects.filter(
        organisation=paper.producer_id, sha256=sha256, replaced_by__isnull=True
    ).first()
    return Document.objects.create(
        organisation_id=paper.producer_id,
        title=title,
        title_folded=title.casefold()[:200],
        kind="paper",
        file=name,
        type=_TYPES.get(PurePosixPath(name).suffix.lstrip(".").lower(), "pdf"),
        size=size,
        sha256=sha256,
        uploaded_at=paper.submitted_at,
        replaced_by=same,
    )


def _measured(name, pk):
    """Size and fingerprint; a file that is gone keeps its place with a number that is no hash."""
    if not default_storage.exists(name):
        return 0, f"{pk:064d}"
    digest, size = hashlib.sha256(), 0
    with default_storage.open(name, "rb") as stored:
        while piece := stored.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _copied(name):
    with default_storage.open(name, "rb") as stored:
        path = PurePosixPath(name)
        return default_storage.save(str(path.with_name(f"{uuid.uuid4().hex}{path.suffix}")), stored)


def _settle(schema_editor):
    """Check the new keys now: PostgreSQL alters no table that still has checks to come."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('producers', '0004_paper_scope'),
        ('vault', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='paper',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='paper',
            name='update_update',
        ),
        migrations.AddField(
            model_name='paper',
            name='document',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='papers', to='vault.document', verbose_name='scan or photo'),
        ),
        migrations.AddField(
            model_name='paperrevision',
            name='document',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='vault.document', verbose_name='scan or photo'),
        ),
        migrations.RunPython(files_become_documents, documents_become_files),
        migrations.RemoveField(
            model_name='paper',
            name='evidence',
        ),
        migrations.RemoveField(
            model_name='paperrevision',
            name='evidence',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paper',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "producers_paperrevision" ("area_ha", "confirmed_by_id", "crop_id", "decided_at", "decided_by_id", "document_id", "evidence_url", "grade", "households", "id", "issuer", "kind", "lot", "market", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform", "producer_id", "product_id", "score", "stage", "stars", "status", "status_reason", "submitted_at", "test_lab", "test_report_on", "valid_from", "valid_to", "version") VALUES (NEW."area_ha", NEW."confirmed_by_id", NEW."crop_id", NEW."decided_at", NEW."decided_by_id", NEW."document_id", NEW."evidence_url", NEW."grade", NEW."households", NEW."id", NEW."issuer", NEW."kind", NEW."lot", NEW."market", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."platform", NEW."producer_id", NEW."product_id", NEW."score", NEW."stage", NEW."stars", NEW."status", NEW."status_reason", NEW."submitted_at", NEW."test_lab", NEW."test_report_on", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='808419565b632dc041967398f867de3d892a7a23', operation='INSERT', pgid='pgtrigger_insert_insert_ab73c', table='producers_paper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paper',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "producers_paperrevision" ("area_ha", "confirmed_by_id", "crop_id", "decided_at", "decided_by_id", "document_id", "evidence_url", "grade", "households", "id", "issuer", "kind", "lot", "market", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform", "producer_id", "product_id", "score", "stage", "stars", "status", "status_reason", "submitted_at", "test_lab", "test_report_on", "valid_from", "valid_to", "version") VALUES (NEW."area_ha", NEW."confirmed_by_id", NEW."crop_id", NEW."decided_at", NEW."decided_by_id", NEW."document_id", NEW."evidence_url", NEW."grade", NEW."households", NEW."id", NEW."issuer", NEW."kind", NEW."lot", NEW."market", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."platform", NEW."producer_id", NEW."product_id", NEW."score", NEW."stage", NEW."stars", NEW."status", NEW."status_reason", NEW."submitted_at", NEW."test_lab", NEW."test_report_on", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='ee4953ad1a166857f697f8179f9ad0876ed7c004', operation='UPDATE', pgid='pgtrigger_update_update_571a1', table='producers_paper', when='AFTER')),
        ),
    ]
