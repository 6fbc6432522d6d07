import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a constant default costs nothing on a filled table; new rows then get theirs."""

    dependencies = [
        ('outbox', '0002_heartbeat'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmessage',
            name='xid',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='xid',
            field=models.BigIntegerField(
                db_default=django.db.models.functions.comparison.Cast(
                    django.db.models.functions.comparison.Cast(
                        models.Func(function='pg_current_xact_id'), models.TextField()
                    ),
                    models.BigIntegerField(),
                ),
                help_text='The transaction that wrote it; 0 where that was before this was kept.',
            ),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('xid__gt', 0)), fields=['xid'], name='outbox_xid'),
        ),
    ]
