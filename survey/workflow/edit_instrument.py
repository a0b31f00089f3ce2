"""Edit a questionnaire: a draft that several people may work on, until it is added as a version."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import LARGEST_FILE, InstrumentError, load_text
from survey.messages import N_, BadInput, Conflict, Message, Problem
from survey.store import instrument_drafts
from survey.store.instrument_drafts import InstrumentDraft

#: What an empty draft begins with: one item of each kind that is asked for most.
STARTER = """\
[instrument]
slug = "new-questionnaire"
version = "1.0"
modes = ["capi", "web_token"]
title = { zh_Hans = "新问卷", en = "New questionnaire" }
population = { zh_Hans = "年满18周岁、住满6个月的居民", en = "Residents aged 18 and over, six months or more" }
closing = { zh_Hans = "问卷到此结束，谢谢您。", en = "That is all, thank you." }

[introductions.capi]
zh_Hans = "您好！我们想了解您对身边环境的看法。可以跳过任何一题，也可以随时停下。"
en = "Hello. We would like to know what you think of the place you live in. You may skip any question or stop."

[introductions.web_token]
zh_Hans = "您好！我们想了解您对身边环境的看法。可以跳过任何一题，也可以随时停下。"
en = "Hello. We would like to know what you think of the place you live in. You may skip any question or stop."

[[section]]
id = "main"
zh_Hans = "您的看法"
en = "Your view"

[[item]]
id = "Q1"
section = "main"
type = "single"
scale = "sat5"
zh_Hans = "您对身边的环境卫生满意吗？"
en = "How satisfied are you with the cleanliness around you?"

[[indicator]]
code = "IND_CLEAN"
item = "Q1"
set = "other"
counted = { polarity = ["pos"] }
label = { zh_Hans = "环境卫生满意率", en = "Satisfaction with cleanliness" }
"""


def start_draft(
    session: Session,
    text: str,
    *,
    at: datetime,
    by: str,
    begun_from: tuple[str, str] = ("", ""),
    left_out: Sequence[Problem] = (),
) -> InstrumentDraft:
    """``begun_from``: slug and version; ``left_out``: what the file that was uploaded held beside the text.

    Raises :class:`BadInput` for a text that cannot be kept; whether it is a questionnaire is not asked.
    """
    slug, version = begun_from
    draft = instrument_drafts.start_draft(session, text=_kept(text), at=at, by=by, slug=slug, version=version)
    instrument_drafts.keep_left_out(session, draft, left_out)
    return draft


def save_draft(
    session: Session,
    draft_id: int,
    text: str,
    *,
    after: int,
    at: datetime,
    by: str,
    left_out: Sequence[Problem] | None = None,
) -> InstrumentDraft:
    """Keep ``text`` after the revision ``after``; the same text again is the same revision.

    ``left_out``: of a file that was uploaded, ``None`` for a text that was written.

    Raises ``Conflict`` when somebody saved another text since, ``NotThere`` when the draft is gone.
    """
    text = _kept(text)
    newest = instrument_drafts.get_draft(session, draft_id)
    draft = newest
    if newest.text != text:
        draft = instrument_drafts.save_draft(session, draft_id, text=text, after=after, at=at, by=by)
    if left_out is not None:
        instrument_drafts.keep_left_out(session, draft, left_out)
    return draft


def questionnaire_of(draft: InstrumentDraft, *, revision: int) -> Questionnaire:
    """What the draft is to become a version of.

    Raises ``Conflict`` when it is no longer the ``revision`` that was looked at, :class:`BadInput` for what is wrong.
    """
    if draft.revision != revision:
        raise Conflict(Message(N_("{name}在您查看以后改过这份草稿；请先看新的内容，再添加"), {"name": draft.saved_by}))
    try:
        return load_text(draft.text, "draft")
    except InstrumentError as error:
        raise BadInput(
            Message(N_("草稿还有 {count} 处问题，改好以后再添加"), {"count": len(error.problems)})
        ) from error


def drop_draft(session: Session, draft_id: int) -> None:
    """With all its texts; one that is gone already stays gone."""
    instrument_drafts.drop_draft(session, draft_id)


def _kept(text: str) -> str:
    """As forms send it back to us: lines end with ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LARGEST_FILE:
        raise BadInput(Message(N_("草稿不能超过 {most} 个字符"), {"most": LARGEST_FILE}))
    if "\0" in text:
        raise BadInput(Message(N_("草稿里有不可见的空字符（NUL），请删去")))
    if not text.strip():
        raise BadInput(Message(N_("草稿是空的：请写下问卷，或者上传文件")))
    return text
