"""``survey keys``: whether the folder of the keys fits the database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import open_current
from survey.config import read_config
from survey.messages import N_, CheckFailed, Message, Problem
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.store.database import Database
    from survey.workflow.check_keys import LostKey


@dataclass(frozen=True, kw_only=True)
class FoundKeys:
    """``problems``: one for each key that is missing, or that must not be there any more; one for answers that are back
    though they were withdrawn, and for what keeps that from being seen.
    """

    document: dict[str, Any]
    problems: Sequence[Problem]


@click.command()
@verb(needs=Permission.OPERATE)
def keys() -> Answer:
    """Check that the keys of open waves are here and those of closed waves are gone."""
    found = find_keys(open_current())
    if found.problems:
        message = N_("密钥文件夹 {folder} 与数据库对不上")
        raise CheckFailed(Message(message, {"folder": found.document["folder"]}), found.problems)
    lines = [f"{found.document['folder']}: as expected, keys present: {found.document['present']}"]
    lines += [f"{key_id}.key is of no wave in this database" for key_id in found.document["unknown"]]
    return Answer(document=found.document, lines=lines)


def find_keys(database: "Database") -> FoundKeys:
    """What the folder of this process's settings lacks, or holds too long."""
    from survey.keys import KeyRing
    from survey.workflow.check_keys import check_keys
    from survey.workflow.take_out_withdrawn import find_obstacles, find_withdrawn

    folder = read_config().keys
    ring = KeyRing(folder=folder)
    with database.reading() as session:
        found, back = check_keys(session, ring), len(find_withdrawn(session, ring))
        obstacles = find_obstacles(session, ring)
    document = {
        "folder": str(folder),
        "present": found.present,
        "missing": [asdict(lost) for lost in found.lost],
        "of_closed_waves": list(found.stale),
        "unknown": list(found.unknown),
        "withdrawn_answers": back,
    }
    messages = [*(_lost(lost, folder) for lost in found.lost), *(_stale(key_id, folder) for key_id in found.stale)]
    if back:
        message = N_("{count} 份本人撤回过的答卷又在数据库里（恢复了旧备份）：请重启 survey worker，它会再删掉")
        messages.append(Message(message, {"count": back}))
    messages += obstacles
    return FoundKeys(document=document, problems=[_problem(message) for message in messages])


def problem_text(problem: Problem) -> str:
    """In the reader's language."""
    from survey.i18n import render

    return render(problem.expected, language())


def _lost(lost: "LostKey", folder: Path) -> Message:
    file = folder / f"{lost.key_id}.key"
    if lost.wave_id is None:
        message = N_(
            "没有网站自己的密钥 {file}：轮次结束后才送到的 {payloads} 份记录打不开，"
            "也收不了新的。请把副本放回这个文件夹"
        )
        return Message(message, {"file": file, "payloads": lost.payloads})
    message = N_(
        "没有轮次 {wave} 的密钥 {file}：{payloads} 份到访与访问记录、{drafts} 份未完成的问卷、"
        "{codes} 个未用的填答码打不开，轮次不能继续也不能结束；{answers} 份答卷仍在。"
        "请把副本放回这个文件夹；没有副本就无法挽回"
    )
    counts = {"payloads": lost.payloads, "drafts": lost.drafts, "codes": lost.codes, "answers": lost.answers}
    return Message(message, {"wave": lost.wave_id, "file": file, **counts})


def _stale(key_id: str, folder: Path) -> Message:
    message = N_("密钥 {file} 的轮次已经结束，它又出现在这里：请销毁它和它的一切副本（shred -u）")
    return Message(message, {"file": folder / f"{key_id}.key"})


def _problem(message: Message) -> Problem:
    return Problem(where="", column="", got="", expected=message)
