"""The rows of the ``survey`` sheet one by one: what each is, in which group it stands, and what has no place here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from questionnaires.definition import ItemType
from questionnaires.problems import N_
from questionnaires.xlsform.conditions import Relevant
from questionnaires.xlsform.constraints import Limits
from questionnaires.xlsform.grids import Line, Sheet
from questionnaires.xlsform.read_choices import ChoiceList, find_list
from questionnaires.xlsform.row_types import ALMOST, BLOCKS, LOOKS, METADATA, REFUSED_TYPES, TYPES, row_type


@dataclass(kw_only=True)
class Group:
    """``section``: its id, which is the group's name unless ``civ_section`` says another."""

    line: Line
    section: str
    relevant: Relevant = field(default_factory=Relevant)


@dataclass(kw_only=True)
class Question:
    """A row that asks or says something, on its way to an item."""

    line: Line
    type: ItemType
    group: Group | None
    choices: ChoiceList | None = None
    relevant: Relevant = field(default_factory=Relevant)
    limits: Limits = field(default_factory=Limits)
    #: (item, code) of the open option whose words this row asks for.
    words_of: tuple[str, int] | None = None

    @property
    def name(self) -> str:
        return self.line.get("name")


def read_rows(
    sheet: Sheet, lists: Mapping[str, ChoiceList] | None, groups: list[Group], refused: list[Line]
) -> Iterator[Question]:
    """The rows that ask or say something; ``groups`` takes those they stand in, ``refused`` what is no question here
    and would be one elsewhere.
    """
    inside: list[Group] = []
    skipped = ""  # the end of a block of KoboToolbox's own, which was refused where it begins
    for line in sheet.lines:
        kind, rest = row_type(line.get("type"))
        if skipped:
            refused.append(line)
            skipped = "" if kind == skipped else skipped
        elif kind in BLOCKS:
            refused.append(line)
            _refuse_type(line, kind)
            skipped = BLOCKS[kind]
        elif kind == "begin_group":
            if inside:
                line.problem("type", N_("end_group：题组里不能再有题组；请删掉里面的 begin_group 和它的 end_group"))
            _refuse_look(line)
            inside.append(Group(line=line, section=line.get("civ_section") or line.get("name")))
            groups.append(inside[-1])
        elif kind == "end_group":
            if not inside:
                line.problem("type", N_("前面有 begin_group"))
            inside = inside[:-1]
        elif found := _question(line, kind, rest, inside[-1] if inside else None, lists):
            yield found
        elif kind not in METADATA:
            refused.append(line)
    if inside:
        inside[0].line.problem("type", N_("后面有 end_group"))


def asks(line: Line) -> bool:
    """Whether a row is, or was meant to be, a question."""
    kind, _ = row_type(line.get("type"))
    return kind in TYPES or kind in ALMOST or bool(kind not in REFUSED_TYPES and line.findings.near(kind, TYPES))


def lists_named(sheet: Sheet) -> set[str] | None:
    """The lists that any row names, also one that was refused: they are not superfluous.

    ``None`` where nobody knows, since a block of KoboToolbox's own names its list elsewhere.
    """
    if any(row_type(line.get("type"))[0] in BLOCKS for line in sheet.lines):
        return None
    found: set[str] = set()
    for line in sheet.lines:
        found.update(line.get("type").split()[1:])
    return found


def _question(
    line: Line, kind: str, rest: list[str], group: Group | None, lists: Mapping[str, ChoiceList] | None
) -> Question | None:
    item_type = TYPES.get(kind)
    if kind in METADATA:
        line.note("type", N_("已略去：不记录时间、设备和填表人"))
        return None
    if item_type is None:
        _refuse_type(line, kind)
        return None
    choices = None
    if kind.startswith("select_"):
        other = rest[1:] == ["or_other"]
        if len(rest) != 1 + other:
            line.problem("type", N_("{type} 和列表名称，例如 {type} yesno"), type=kind)
            return None
        choices = find_list(rest[0], lists, line)
        if choices is None:
            return None
        if other:
            choices = choices.with_other(line)
            line.note("type", N_("or_other 成了选项“其他”，代码 {code}，可以填文字"), code=choices.options[-1].code)
    elif rest:
        line.problem("type", N_("{type}，后面没有别的"), type=kind)
    if not line.get("name"):
        line.problem("name", N_("题目编号"))
    _refuse_look(line)
    return Question(line=line, type=item_type, group=group, choices=choices)


def _refuse_type(line: Line, kind: str) -> None:
    if not kind:
        line.problem("type", N_("题型"))
    elif kind in REFUSED_TYPES:
        line.problem("type", REFUSED_TYPES[kind])
    elif near := line.findings.near(kind, [*TYPES, "begin_group", "end_group"]):
        line.problem("type", N_("已有的题型，也许是 {near}"), near=near)
    else:
        line.problem("type", N_("已有的题型：{known}"), known="、".join([*TYPES, "begin_group", "end_group"]))


def _refuse_look(line: Line) -> None:
    for word in line.words("appearance"):
        if word not in LOOKS:
            line.problem("appearance", N_("空着：这种样子会改变回答的内容，或者本系统没有"), word)
        elif word != "multiline":
            line.note("appearance", N_("已略去：怎样显示由本系统决定"))
