"""What tests of the desk post, and what became of it."""

from __future__ import annotations

from core.outbox.models import OutboxMessage
from producers.enums import DeskStep
from producers.models import DeskItem, Paper

BULK = "/officer/papers/bulk/"
LINK = {"evidence_url": "https://so.vidu.example/1"}


def named(*papers: Paper) -> list[str]:
    return [f"{paper.pk}:{paper.version}" for paper in papers]


def bulk(client, step: DeskStep, *papers: Paper, confirm: bool = True, **more):
    typed = {"step": step.value, "paper": named(*papers), **more}
    return client.post(BULK, typed | ({"confirm": "1"} if confirm else {}))


def statuses(*papers: Paper) -> list[str]:
    found = dict(Paper.objects.values_list("pk", "status"))
    return [found[paper.pk] for paper in papers]


def outcomes(*papers: Paper) -> list[str]:
    items = {one.paper_id: one.obstacle or one.outcome for one in DeskItem.objects.all()}
    return [items[paper.pk] for paper in papers]


def decided() -> list[str]:
    types = OutboxMessage.objects.order_by("pk").values_list("type", flat=True)
    return [one.split(".")[-2] for one in types]
