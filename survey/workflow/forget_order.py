"""Forget the order in which answers came: canvassers walk their cases in order, so it would tell whose they are.

Run every night by the worker, before backups. On SQLite the tables are in the order of their random keys all along.
"""

from sqlalchemy.orm import Session

from survey.store import inbox, paper_forms, receipts, responses, suggestions, withdrawals


def forget_order(session: Session) -> None:
    """Write the tables anew by key and in this one transaction: no row shows beside which other it was written."""
    for table in (responses, inbox, receipts, withdrawals, suggestions, paper_forms):
        table.rewrite_in_key_order(session)
