import django.db.models.deletion
from django.db import migrations, models

# NOTIFY makes commits wait for each other, so it is said only while a relay sleeps: it then holds
# the lock that is tried here. The number is `core.outbox.nudges.SLEEPS`.
NUDGE = """
CREATE FUNCTION outbox_nudge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_try_advisory_lock_shared(7235422) THEN
        PERFORM pg_advisory_unlock_shared(7235422);
    ELSE
        NOTIFY outbox;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_nudge AFTER INSERT ON outbox_outboxmessage
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_nudge();
"""
LEAVE_ALONE = """
DROP TRIGGER outbox_nudge ON outbox_outboxmessage;
DROP FUNCTION outbox_nudge();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0003_xid'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.UniqueConstraint(
                condition=models.Q(('dedupe_key__isnull', False)),
                fields=('dedupe_key',),
                name='outbox_one_per_key',
                opclasses=['varchar_pattern_ops'],
            ),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='dedupe_key',
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AlterField(
            model_name='inboxmessage',
            name='message',
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name='duties',
                to='outbox.outboxmessage',
            ),
        ),
        migrations.RemoveIndex(model_name='inboxmessage', name='inbox_batch_of_consumer'),
        migrations.AddIndex(
            model_name='inboxmessage',
            index=models.Index(
                condition=models.Q(('finished_at', None)),
                fields=['consumer', 'id'],
                name='inbox_batch_of_consumer',
            ),
        ),
        migrations.RunSQL(NUDGE, LEAVE_ALONE),
    ]
