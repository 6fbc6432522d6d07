import django.db.models.deletion
from django.db import migrations, models

import core.kernel.clock


def read_again(apps, schema_editor):
    """A list that is being checked is read once more: its waiting rows are kept elsewhere now.

    Its duty still waits and carries its version, so nobody has to start it.
    """
    checking = apps.get_model("imports", "Import").objects.filter(state="checking")
    rows = apps.get_model("imports", "ImportRow").objects
    rows.filter(models.Q(of__in=checking) | models.Q(state="staged")).delete()
    counts = ("new_count", "changed_count", "unchanged_count", "refused_count")
    checking.update(
        state="uploaded", row_count=0, done_count=0, **dict.fromkeys(counts, 0)
    )


class Migration(migrations.Migration):

    dependencies = [("imports", "0001_lists")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="asked_at",
            field=models.DateTimeField(default=core.kernel.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Checked"),
                    ("applied", "Taken over"),
                    ("undone", "Undone"),
                    ("kept", "Kept: it was changed since"),
                ],
                default="planned",
                max_length=7,
            ),
        ),
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rows", models.JSONField()),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="imports.import",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of an import",
                "verbose_name_plural": "pieces of imports",
            },
        ),
        migrations.RunPython(read_again, read_again),
    ]
