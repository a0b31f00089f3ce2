"""``/waves/new``: a wave begins with a questionnaire, a frame and a name; its facts follow on the next page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.definition import Text
from questionnaires.loading import from_document
from survey.messages import N_, BadInput, Message, NotThere
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.pages.whole_waves import require_no_limits
from survey.roles import Permission
from survey.store.areas import Frame, list_frames
from survey.store.instruments import list_instruments
from survey.waves import WaveDetails
from survey.workflow.open_wave import LONGEST_NAME, open_wave

blueprint = Blueprint("wave_openings", __name__)


@dataclass(frozen=True, kw_only=True)
class OpeningPage:
    """``instruments``: slug -> title, with the version that a new wave takes. ``frames``: the newest first.

    ``errors``: of each field that keeps the wave from being opened, by its id.
    """

    instruments: Mapping[str, tuple[Text, str]]
    frames: tuple[Frame, ...]
    typed: Mapping[str, str]
    errors: Mapping[str, Message] = field(default_factory=dict)
    longest_name: int = LONGEST_NAME

    @property
    def invented(self) -> bool:
        """Whether the wave will be marked as invented: one that an example account opens."""
        return current_account().example


@blueprint.get("/waves/new")
@needs(Permission.MANAGE_WAVES)
def show() -> ResponseReturnValue:
    """``?instrument=``: chosen already."""
    require_no_limits()
    return _page({name: slug for name, slug in request.args.items() if name == "instrument"})


@blueprint.post("/waves/new")
@needs(Permission.MANAGE_WAVES)
def add() -> ResponseReturnValue:
    require_no_limits()
    account = current_account()
    typed = {name: request.form.get(name, "")[:1000] for name in ("name", "instrument", "frame")}
    if errors := _missing(typed):
        return _page(typed, errors=errors), 422
    try:
        with current_site().database.writing() as store:
            wave_id = open_wave(
                store,
                instrument=typed["instrument"],
                frame=int(typed["frame"]),
                name=typed["name"],
                details=WaveDetails(fictitious=account.example),  # else the example accounts end with it
                at=datetime.now(UTC),
                by=account.name,
            )
    except BadInput as error:
        return _page(typed, errors={"name": error.message}), 422
    except NotThere as error:  # gone, or never there: chosen from another list than ours
        with current_site().database.reading() as store:
            known = typed["instrument"] in {record.slug for record in list_instruments(store)}
        return _page(typed, errors={"frame" if known else "instrument": error.message}), 422
    return redirect(url_for("wave_details.show", wave_id=wave_id), code=303)


def _missing(typed: Mapping[str, str]) -> dict[str, Message]:
    """Everything at once that was left empty, in the order of the form."""
    frame = typed["frame"]
    filled = {
        "name": (bool(typed["name"].strip()), Message(N_("请写轮次的名称，1 到 {most} 个字"), {"most": LONGEST_NAME})),
        "instrument": (bool(typed["instrument"]), Message(N_("请选一份问卷"))),
        "frame": (frame.isascii() and frame.isdecimal() and len(frame) < 10, Message(N_("请选一个抽样框"))),
    }
    return {name: message for name, (is_there, message) in filled.items() if not is_there}


def _page(typed: Mapping[str, str], *, errors: Mapping[str, Message] | None = None) -> str:
    with current_site().database.reading() as store:
        newest = {record.slug: record for record in reversed(list_instruments(store))}
        page = OpeningPage(
            instruments={
                slug: (from_document(record.document).title, record.version) for slug, record in sorted(newest.items())
            },
            frames=tuple(reversed(list_frames(store))),
            typed=typed,
            errors=errors or {},
        )
    return render_template("statisticians/wave_opening.html", page=page)
