"""The command ``survey`` and its exit codes: 0 done, 1 a check said no, 2 bad input or failure."""

import io
import os
import sys

import click

from survey import __version__
from survey.cli import (
    cases,
    demo,
    draws,
    estimates,
    fieldwork,
    frames,
    instruments,
    invitations,
    keys,
    operations,
    outreach,
    paper,
    plans,
    receipts,
    reports,
    responses,
    users,
    waves,
    weights,
)
from survey.cli.output import print_document
from survey.cli.site import act_as


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option("--as", "account", metavar="NAME", envvar="SURVEY_ACCOUNT", help="Act as this account, with its rights.")
@click.pass_context
def survey(context: click.Context, account: str | None) -> None:
    """From residents' answers to rates with intervals and reports."""
    act_as(context, account or None)


for command in (
    operations.init,
    users.user,
    frames.frame,
    instruments.instrument,
    waves.wave,
    plans.plan,
    draws.draw,
    cases.case,
    invitations.invitation,
    fieldwork.fieldwork,
    responses.response,
    paper.paper,
    receipts.receipts,
    weights.weights,
    estimates.estimate,
    reports.report,
    outreach.outreach,
    demo.demo,
    operations.serve,
    operations.worker,
    operations.backup,
    operations.restore,
    operations.upgrade,
    keys.keys,
):
    survey.add_command(command)


def main() -> None:
    """Run the command line; whatever happens, one line on stderr and an exit code that means something."""
    for stream in (sys.stdout, sys.stderr):
        # A locale without Chinese must not turn work that was done into an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        survey.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        fail("no command given, the list is above")
    except click.ClickException as error:
        fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) went away: nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)
    except Exception as error:
        if os.environ.get("SURVEY_TRACEBACK"):
            raise
        fail(f"{type(error).__name__}: {error} (set SURVEY_TRACEBACK=1 to see where)")


def fail(text: str) -> None:
    """What no verb could answer: one line on stderr, and the JSON document if one was asked for."""
    text = " ".join(text.split())
    if "--json" in sys.argv[1:]:
        print_document({"error": text, "problems": []})
    click.echo(f"survey: {text}", err=True)
    sys.exit(2)
