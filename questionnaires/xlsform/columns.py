"""The columns of each sheet: those with a meaning here, and why the others have none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.problems import N_

_NO_ANSWER = N_("空着：问卷里任何地方都不能存放推荐答案，所以没有默认值，也没有算出来的值")
_NO_MEDIA = N_("空着：题目和选项只有文字，没有图片、声音和影像")
_NO_FILTER = N_("空着：选项不随前面的回答变化；请写成几道题，各用自己的选项和 relevant")
_NO_CODE = N_("空着：问卷里没有程序和服务器的设置")
_OF_BLOCKS = N_("已略去：没有这种题")
_SHOWN_ANYWAY = N_("已略去：怎样显示由本系统决定")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """``translated``: one column a language. ``refused``: why nothing may stand there; ``left_out``: read past.

    ``others``: what is said of a column with any other name, which is read past; empty: it is refused.
    """

    plain: frozenset[str]
    translated: frozenset[str] = frozenset({"label"})
    refused: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    others: str = ""


#: Where KoboToolbox names the lists of its own kinds of questions.
_LISTS_OF_BLOCKS = ("kobo--matrix_list", "kobo--score-choices", "kobo--rank-items")
_MEDIA = ("image", "big-image", "audio", "video", "media::image", "media::big-image", "media::audio", "media::video")

SURVEY = Columns(
    plain=frozenset(
        {"type", "name", "required", "relevant", "constraint", "appearance", "parameters"}
        | {"civ_section", "civ_factual", "civ_words_of", "civ_scale", "civ_battery", "civ_module", "civ_modes"}
        | {"civ_optional", "civ_reverse_order"}
    ),
    translated=frozenset({"label", "hint", "constraint_message", "civ_department"}),
    refused={
        "calculation": _NO_ANSWER,
        "default": _NO_ANSWER,
        "trigger": _NO_ANSWER,
        "choice_filter": _NO_FILTER,
        "repeat_count": N_("空着：没有重复的题组"),
        "read_only": N_("空着：每道题都可以回答；只读的文字用 note"),
        "guidance_hint": N_("空着：给访员的话写在 hint 里"),
        "intent": _NO_CODE,
        "disabled": N_("空着：不用的题请删掉整行"),
        **dict.fromkeys(_MEDIA, _NO_MEDIA),
    },
    left_out={
        **dict.fromkeys(("required_message", "autoplay", "rows"), _SHOWN_ANYWAY),
        **dict.fromkeys((*_LISTS_OF_BLOCKS, "kobo--rank-constraint-message"), _OF_BLOCKS),
    },
    aliases={
        "relevance": "relevant",
        "readonly": "read_only",
        "read only": "read_only",
        "repeat count": "repeat_count",
        "choice filter": "choice_filter",
        "constraint message": "constraint_message",
        "required message": "required_message",
        "calculate": "calculation",
        "bind::relevant": "relevant",
        "bind::required": "required",
        "bind::constraint": "constraint",
        "bind::calculate": "calculation",
    },
)

CHOICES = Columns(
    plain=frozenset(
        {"list_name", "name", "civ_kind", "civ_polarity", "civ_score", "civ_exclusive", "civ_open", "civ_terminate"}
        | {"civ_read_aloud", "civ_decoy"}
    ),
    refused=dict.fromkeys(_MEDIA, _NO_MEDIA),
    aliases={"list name": "list_name", "value": "name"},
    others=N_("已略去这一列：本系统不用它（选项不能用 choice_filter 筛选）"),
)

SETTINGS = Columns(
    plain=frozenset(
        {"form_title", "form_id", "version", "default_language"}
        | {"civ_modes", "civ_target_minutes", "civ_one_page", "civ_languages"}
    ),
    translated=frozenset(),
    refused=dict.fromkeys(
        ("instance_name", "public_key", "submission_url", "auto_send", "auto_delete", "instance_xmlns", "namespaces"),
        _NO_CODE,
    ),
    left_out=dict.fromkeys(("style", "allow_choice_duplicates", "clean_text_values", "sms_keyword"), _SHOWN_ANYWAY),
    aliases={"id_string": "form_id", "title": "form_title", "form id": "form_id", "form title": "form_title"},
)

SECTIONS = Columns(plain=frozenset({"id", "factual"}))
WORDINGS = Columns(plain=frozenset({"what", "name"}))
INDICATORS = Columns(plain=frozenset({"code", "item", "set", "base", "codes"}))
ALTERNATES = Columns(plain=frozenset({"indicator", "name", "base", "codes"}), translated=frozenset())
CHECKS = Columns(plain=frozenset({"id", "item", "compare", "value", "other", "relevant", "hard"}))
COMPOSITES = Columns(plain=frozenset({"code", "set", "parts"}))

SHEETS: Mapping[str, Columns] = {
    "survey": SURVEY,
    "choices": CHOICES,
    "settings": SETTINGS,
    "civ_sections": SECTIONS,
    "civ_wordings": WORDINGS,
    "civ_indicators": INDICATORS,
    "civ_alternates": ALTERNATES,
    "civ_checks": CHECKS,
    "civ_composites": COMPOSITES,
}
#: Sheets that other tools read and that have no place here.
REFUSED_SHEETS: Mapping[str, str] = {
    "external_choices": N_("没有这张工作表：选项都写在 choices 里"),
    "entities": N_("没有这张工作表：问卷不带名单"),
    "osm": N_("没有这张工作表：没有地图题"),
}
