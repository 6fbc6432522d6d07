"""The matchmaking app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchmakingConfig(AppConfig):
    name = "matchmaking"
    verbose_name = _("Matchmaking")

    def ready(self) -> None:
        """Subscribe the consumers, make the kinds of messages known, choose how to rank."""
        from django.conf import settings

        from core.freight.registry import count_with
        from core.notifications import registry as kinds
        from core.outbox import registry as consumers
        from matchmaking import panels, selectors
        from matchmaking.engine.kernels.choice import CHOICE
        from matchmaking.handlers import CONSUMERS
        from matchmaking.notices import KINDS
        from matchmaking.selectors.paper_reach import reach_of_papers
        from producers.selectors.effects import reach_with

        CHOICE.make(use=settings.MATCHING_KERNEL, threads=settings.MATCHING_THREADS)
        consumers.subscribe(CONSUMERS)
        panels.register()
        panels.register_dossiers()
        count_with(selectors.stakes_of)
        reach_with(reach_of_papers)
        for kind in KINDS:
            kinds.register(kind)
