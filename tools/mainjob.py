"""The main job: what a stranger should see work, carried through by HTTP and SMTP alone."""

from __future__ import annotations

from pathlib import Path

from tools.console import Console
from tools.failure import Failure
from tools.mailbox import Mailbox
from tools.people import DemoWorld, Login
from tools.steps import StepRunner, Summary
from tools.story import Story


def run_main_job(
    *, base_url: str, mail_folder: Path | None, world: DemoWorld, memory: Path, console: Console
) -> Summary:
    """Carry the main job through once and print what happened as a table.

    Args:
        base_url: Where the portal answers.
        mail_folder: Maildir the portal's mail arrives in; None when somebody else receives it.
        world: Who lives in the demo world.
        memory: Where the last run's pair is noted.
        console: Where to print.
    """
    runner = StepRunner(console)
    if mail_folder is None:
        runner.summary.problem = (
            "EMAIL_URL sends the mail elsewhere, so nobody here can follow its links: unset it."
        )
        console.say(f"• The main job is skipped: {runner.summary.problem}")
        return runner.summary
    console.say("• The main job, through the portal as its users")
    try:
        Story(base_url, Mailbox(mail_folder), world, memory=memory, runner=runner).tell()
        runner.summary.ok = True
    except Failure as failure:
        runner.summary.problem = str(failure)
    except OSError as error:
        runner.summary.problem = f"The portal stopped answering ({error}): see var/log/web.log."
    runner.show()
    return runner.summary


def show_welcome(
    *, base_url: str, mail_folder: Path | None, world: DemoWorld, console: Console
) -> None:
    """Say where to go and as whom to sign in."""
    console.say(f"\n  Portal   {base_url}/")
    if mail_folder is not None:
        console.say(f"  Mailbox  {base_url}/mailbox/")
    rows = [
        (login.role, login.email, login.password, _second_factor(login)) for login in world.logins
    ]
    console.say()
    console.table(rows, header=("role", "e-mail", "password", "second factor"))
    console.say("\n  Ctrl-C ends everything.")


def _second_factor(login: Login) -> str:
    return f"./dev code {login.email}" if login.totp_secret else "none"
