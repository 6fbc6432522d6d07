"""Looking at the mail ledger and deciding about held mails."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.notifications import selectors, services
from core.notifications.enums import MailState
from core.notifications.sending import ledger
from core.notifications.sending.lookup import configured_lookup


class Command(BaseCommand):
    help = "status · list · hold · release · reconcile · resend"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="how many mails are in each state")
        listing = actions.add_parser("list", help="mails in a state, the latest first")
        listing.add_argument("state", choices=MailState.values)
        listing.add_argument("--limit", type=int, default=50)
        hold = actions.add_parser("hold", help="stop all mailers")
        hold.add_argument("--reason", required=True)
        release = actions.add_parser("release", help="end the hold; with an id: settle a held mail")
        release.add_argument("id", type=int, nargs="?")
        release.add_argument("--was-accepted", action="store_true", help="it did arrive")
        actions.add_parser("reconcile", help="look uncertain mails up now")
        resend = actions.add_parser("resend", help="send an ended mail once more")
        resend.add_argument("id", type=int)
        resend.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _status(self, _options: dict[str, Any]) -> None:
        for state, count in selectors.mails_per_state().items():
            self.stdout.write(f"{state}: {count}")
        self.stdout.write(f"due now: {selectors.due_mail_count()}")

    def _list(self, options: dict[str, Any]) -> None:
        for mail in selectors.mails_in(MailState(options["state"]))[: options["limit"]]:
            said = f"{mail.smtp_code or ''} {mail.smtp_reply} {mail.reason}".strip()
            self.stdout.write(f"{mail.pk} · {mail.kind} · {mail.message_id} · {said}")

    def _hold(self, options: dict[str, Any]) -> None:
        services.pause_mail(reason=options["reason"])
        self.stdout.write("No mailer sends until: mail release")

    def _release(self, options: dict[str, Any]) -> None:
        if options["id"] is None:
            services.resume_mail()
            self.stdout.write("The mailers go on.")
        elif not services.release_held(
            email_id=options["id"], was_accepted=options["was_accepted"]
        ):
            raise CommandError(f"Mail {options['id']} is not held.")

    def _reconcile(self, _options: dict[str, Any]) -> None:
        lookup = configured_lookup()
        for mail in selectors.mails_in(MailState.UNCERTAIN):
            ledger.settle(mail, was_accepted=lookup.was_accepted(mail.message_id))
            self.stdout.write(f"{mail.pk} is settled.")

    def _resend(self, options: dict[str, Any]) -> None:
        if not options["yes"] and input("The recipient may get it twice. Send? [y/N] ") != "y":
            raise CommandError("Nothing was sent.")
        if not services.resend(email_id=options["id"]):
            raise CommandError("Only an ended mail with a notification can be sent again.")
