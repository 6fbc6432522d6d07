"""Open duties of the consumers that ranking takes the place of."""

from __future__ import annotations

from django.db import migrations

_FORMER = (
    "matchmaking.refresh_offer",
    "matchmaking.refresh_request",
    "matchmaking.refresh_offers_on_paper",
    "matchmaking.follow_ground",
    "matchmaking.refresh_all",
)


def hand_over(apps, schema_editor) -> None:
    """Let the new consumer carry out what waits; of two duties for one event one is enough."""
    del schema_editor
    duties = apps.get_model("outbox", "InboxMessage").objects
    waiting = duties.filter(consumer__in=_FORMER, status="pending").order_by("pk")
    taken = set()
    for duty in waiting:
        if duty.message_id in taken:
            duty.delete()
            continue
        taken.add(duty.message_id)
        duty.consumer = "matchmaking.rank"
        duty.save(update_fields=["consumer"])


class Migration(migrations.Migration):
    dependencies = [
        ("matchmaking", "0005_exposure"),
        ("outbox", "0004_nudge_and_fewer_indexes"),
    ]
    operations = [migrations.RunPython(hand_over, migrations.RunPython.noop)]
