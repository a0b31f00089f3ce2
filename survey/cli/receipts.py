"""``survey receipts``: list the receipts of a closed wave, or check one."""

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, open_current
from survey.roles import Permission


@click.group()
def receipts() -> None:
    """Receipts of questionnaires that came in, blank and declined ones too; listed once the wave is closed."""


@receipts.command("list")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_PUBLISHED)
def list_(wave_id: int) -> Answer:
    """The SHA-256 of every receipt of a closed wave, sorted."""
    from survey.workflow.show_receipts import show_receipts

    with open_current().reading() as session:
        hashes = show_receipts(session, wave_id)
    return Answer(document={"wave": wave_id, "count": len(hashes), "receipts": hashes}, lines=hashes)


@receipts.command("check")
@click.argument("code")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_PUBLISHED)
def check(code: str, wave_id: int) -> Answer:
    """Whether the receipt CODE is in the list of a closed wave (exit 1: it is not)."""
    from survey.messages import N_, CheckFailed, Message
    from survey.workflow.show_receipts import check_receipt

    with open_current().reading() as session:
        listed = check_receipt(session, wave_id, code)
    if not listed:
        raise CheckFailed(Message(N_("这个回执号不在轮次 {wave} 的名单里"), {"wave": wave_id}), [])
    return Answer(document={"wave": wave_id, "listed": True}, lines=["listed"])
