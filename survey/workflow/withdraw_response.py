"""Withdraw a response: whoever has the code from the end of their questionnaire has their answers deleted.

At any time, also after the wave was closed or published: what is published stands, and whatever is computed from then
on is without them. The code of the letter stays spent and what came of the visit stays what it was, so nothing shows at
the dwelling. A count by community and mode remains.
"""

from sqlalchemy.orm import Session

from survey.casework.withdrawn_answers import code_mark, delete_withdrawn, tag_mark
from survey.fieldwork.resident_codes import withdrawal_hash
from survey.keys import KeyRing
from survey.messages import N_, Failure, Message
from survey.one_time_codes import read_code
from survey.store.wave_keys import KeyState, list_keys
from survey.store.withdrawals import find_withdrawal, tag_of
from survey.withdrawn_marks import WithdrawnMarks


def withdraw_response(session: Session, keys: KeyRing, typed: str) -> bool:
    """Whether ``typed`` is such a code; the answers are gone then, now or since an earlier time.

    That it was so is kept outside the database first, see :mod:`survey.withdrawn_marks`: a backup from before brings
    the answers back. Raises :class:`~survey.messages.Failure` when the code is not found and a key that could find it
    is not here, or when the folder of the keys cannot be written.
    """
    code = read_code(typed)
    if code is None:
        return False
    hashed = withdrawal_hash(code)
    held = [key for key in list_keys(session) if key.state is KeyState.MADE]
    sealers = {key.wave_id: keys.open(key.key_id) for key in held if keys.holds(key.key_id)}
    found = find_withdrawal(session, [tag_of(sealer, hashed) for sealer in sealers.values()]) if sealers else None
    if found is None:
        if len(sealers) < len(held):
            raise Failure(Message(N_("找不到密钥，现在不能撤回；请检查 SURVEY_KEYS")))
        return False
    if found.uuid is not None:
        WithdrawnMarks(folder=keys.folder).add(sorted((tag_mark(found.tag), code_mark(hashed))))
        delete_withdrawn(session, sealers.get(found.wave_id), found)
    return True
