"""Withdraw a response: whoever has the code from the end of their questionnaire has their answers deleted.

At any time, also after the wave was closed or published: what is published stands, and whatever is computed from then
on is without them. The code of the letter stays spent and what came of the visit stays what it was, so nothing shows at
the dwelling. A count by community and mode remains.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from survey.casework.withdrawn_answers import code_mark, delete_withdrawn, read_sealers, tag_mark
from survey.fieldwork.resident_codes import withdrawal_hash
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Failure, Message
from survey.one_time_codes import read_code
from survey.store.wave_keys import KeyState, list_keys
from survey.store.withdrawals import Withdrawal, find_withdrawal, tag_of
from survey.withdrawn_marks import WithdrawnMarks


def withdraw_response(session: Session, keys: KeyRing, typed: str) -> bool:
    """Whether ``typed`` is such a code; the answers are gone then, now or since an earlier time.

    That it was so is kept outside the database first, see :mod:`survey.withdrawn_marks`: a backup from before brings
    the answers back. Raises :class:`~survey.messages.Failure` when the code is not found and a key that could find it
    is not to be read, or when the folder of the keys cannot be written.
    """
    code = read_code(typed)
    if code is None:
        return False
    hashed = withdrawal_hash(code)
    sealers, found = _find(session, keys, hashed)
    if found is not None and found.uuid is not None:
        WithdrawnMarks(folder=keys.folder).add(sorted((tag_mark(found.tag), code_mark(hashed))))
        delete_withdrawn(session, sealers.get(found.wave_id), found)
    return found is not None


def knows_code(session: Session, keys: KeyRing, typed: str) -> bool:
    """Whether ``typed`` is such a code; nothing is written. Raises as :func:`withdraw_response` does."""
    code = read_code(typed)
    return code is not None and _find(session, keys, withdrawal_hash(code))[1] is not None


def _find(session: Session, keys: KeyRing, hashed: str) -> tuple[Mapping[int | None, Sealer], Withdrawal | None]:
    """The row of the code, by whichever key it is found, and all keys that can be read."""
    sealers, _ = read_sealers(session, keys)
    found = find_withdrawal(session, [tag_of(sealer, hashed) for sealer in sealers.values()]) if sealers else None
    if found is None and len(sealers) < sum(key.state is KeyState.MADE for key in list_keys(session)):
        raise Failure(Message(N_("找不到密钥，现在不能撤回；请检查 SURVEY_KEYS")))
    return sealers, found
