"""Hints: what is told, what is not taken for it, and how many the questionnaires of the program get."""

import pytest

from questionnaires.definition import Text
from questionnaires.hint_kinds import HintKind
from questionnaires.hints import hints
from questionnaires.loading import BUILT_IN, load_file, load_text
from questionnaires.question_words import joined_objects, leading_words, names_two
from tests.questionnaires.tiny import ACTS, ADULTS, HEAD, RESIDENT, SATISFIED, indicator, tiny

#: Looked at one by one: each of them is true.
KNOWN = {
    "urban-community": {("A3", HintKind.DOUBLE_BARRELLED), ("E3", HintKind.MANY_READ_OUT)},
    "civilized-village": {("E3", HintKind.MANY_READ_OUT)},
    # The five grades of 政务服务“好差评” are prescribed: three good, two bad.
    "service-callback": {("D1", HintKind.UNBALANCED_SCALE), ("D3", HintKind.UNBALANCED_SCALE)},
    "urban-community-short": set(),
    "service-callback-phone": {("F1", HintKind.UNBALANCED_SCALE)},
}


def kinds(*parts: str) -> list[HintKind]:
    return [hint.kind for hint in hints(tiny(*parts))]


def asked(zh: str, en: str = "Are you satisfied") -> str:
    return SATISFIED.replace("您满意吗", zh).replace("Are you satisfied", en)


@pytest.mark.parametrize("slug", BUILT_IN)
def test_the_questionnaires_of_the_program_get_the_hints_they_deserve(slug: str) -> None:
    assert {(hint.item, hint.kind) for hint in hints(load_file(BUILT_IN[slug]))} == KNOWN[slug]


def test_a_plain_question_gets_none() -> None:
    assert kinds(SATISFIED) == []


@pytest.mark.parametrize(
    ("wording", "objects"),
    [
        ("您对社区的环境和治安满意吗？", "环境和治安"),
        ("您对垃圾清运、楼道照明满意吗？", "垃圾清运、楼道照明"),
        ("您是否知道并且支持这项工作？", "您是否知道并且支持这项工作"),
        ("您对物业与居委会的服务满意吗？", "物业与居委会"),
    ],
)
def test_two_things_in_one_question(wording: str, objects: str) -> None:
    assert joined_objects(Text(zh_Hans=wording, en="x")) == objects


@pytest.mark.parametrize(
    "wording",
    [
        "您对社区的和谐程度满意吗？",
        "您参与过志愿服务吗？",
        "您反映的问题得到及时处理了吗？",
        "您和家人满意吗？",
        "您向社区、物业、12345等反映过问题吗？",
        "您对街面的秩序（如占道和摆摊）满意吗？",
        "您对“清洁和绿化”行动满意吗？",
        "您满意、一般还是不满意？",
    ],
)
def test_one_thing_is_not_taken_for_two(wording: str) -> None:
    assert joined_objects(Text(zh_Hans=wording, en="x")) == ""


def test_and_or_in_english() -> None:
    assert kinds(asked("您满意吗", "Are you satisfied with the parks and/or the streets")) == [
        HintKind.DOUBLE_BARRELLED
    ]


@pytest.mark.parametrize(
    "wording",
    [
        "您是否同意我们的工作很好？",
        "您是不是非常满意？",
        "众所周知，我市在创建文明城市。您支持吗？",
        "我市取得了显著成效，您满意吗？",
        "您不觉得环境越来越好吗？",
        "您肯定支持吧？",
    ],
)
def test_leading_words(wording: str) -> None:
    assert leading_words(Text(zh_Hans=wording, en="x"))
    assert HintKind.LEADING in kinds(asked(wording))


@pytest.mark.parametrize(
    "wording", ["您满意吗？", "您支持这项工作吗？", "您觉得变好了还是变差了？", "您知道这件事吗？"]
)
def test_plain_words_lead_nowhere(wording: str) -> None:
    assert leading_words(Text(zh_Hans=wording, en="How satisfied are you?")) == ""


def test_two_departments_answer_for_one_item() -> None:
    department = 'department = { zh_Hans = "城管、公安", en = "Two" }\n'
    assert kinds(SATISFIED + department) == [HintKind.TWO_DEPARTMENTS]
    assert kinds(asked("您对城管和物业的工作满意吗")) == [HintKind.TWO_DEPARTMENTS]
    assert names_two("住房和城乡建设部门") == ()


def own_scale(*options: str) -> str:
    lines = "".join(
        f'  {{ code = {code}, zh_Hans = "答{code}", en = "answer {code}", {option} }},\n'
        for code, option in enumerate(options)
    )
    return SATISFIED.replace('scale = "sat5"', f"options = [\n{lines}]")


GOOD, BAD, UNSURE, SILENT = 'polarity = "pos"', 'polarity = "neg"', 'kind = "dk"', 'kind = "ref"'


def test_answers_for_everybody() -> None:
    assert kinds(own_scale(GOOD, BAD, UNSURE, SILENT)) == []
    assert kinds(own_scale(GOOD, BAD, SILENT)) == [HintKind.NO_DONT_KNOW]
    assert kinds(own_scale(GOOD, BAD, UNSURE)) == [HintKind.NO_REFUSAL]
    assert kinds(own_scale(GOOD, GOOD, BAD, UNSURE, SILENT)) == [HintKind.UNBALANCED_SCALE]
    assert kinds(own_scale(GOOD, GOOD, UNSURE, SILENT)) == [HintKind.UNBALANCED_SCALE]


def test_who_does_not_know_may_say_so_in_other_words() -> None:
    assert kinds(own_scale(GOOD, BAD, SILENT).replace("答1", "不知道")) == []


def test_not_knowing_is_no_answer_in_a_form_that_does_not_say_so() -> None:
    unmarked, plain = own_scale(*["score = 1"] * 4).replace("答3", "说不清"), own_scale(*["score = 1"] * 4)
    assert HintKind.UNMARKED_DONT_KNOW in kinds(unmarked)
    assert HintKind.UNMARKED_DONT_KNOW not in kinds(plain)
    knew = own_scale("score = 1", "score = 2").replace("答1", "不知道")
    assert HintKind.UNMARKED_DONT_KNOW not in kinds(knew)


def test_a_screening_question_needs_no_refusal() -> None:
    assert kinds(RESIDENT) == []


def test_a_scale_is_named_once_with_all_its_items() -> None:
    twice = own_scale(GOOD, GOOD, BAD, UNSURE, SILENT)
    (hint,) = hints(tiny(twice, twice.replace("Q1", "Q2")))
    assert hint.params["items"] == "Q1、Q2"


def worded(*options: str, item: str = "Q1") -> str:
    """A question as a form of another tool brings it: no polarity, no kinds."""
    lines = "".join(
        f'  {{ code = {code}, zh_Hans = "{text}", en = "{text}" }},\n' for code, text in enumerate(options, 1)
    )
    return SATISFIED.replace('scale = "sat5"', f"options = [\n{lines}]").replace("Q1", item)


def test_an_opinion_is_known_by_the_words_of_its_answers() -> None:
    grades = ("非常满意", "比较满意", "一般", "不太满意", "很不满意")
    found = hints(tiny(worded(*grades), worded(*grades, item="Q2")))
    assert [(hint.item, hint.kind) for hint in found] == [
        ("Q1", HintKind.NO_DONT_KNOW),
        ("Q1", HintKind.NO_POLARITY),
        ("Q1", HintKind.NO_REFUSAL),
        ("Q2", HintKind.NO_DONT_KNOW),
    ]
    assert {hint.params["items"] for hint in found if "items" in hint.params} == {"Q1、Q2"}
    assert HintKind.DOUBLE_BARRELLED in kinds(worded(*grades).replace("您满意吗", "您对绿化、治安满意吗"))


@pytest.mark.parametrize(
    ("options", "sides"),
    [
        (("非常满意", "满意", "比较满意", "不满意"), (3, 1)),
        (("很好", "好", "一般", "差"), (2, 1)),
        (("Very satisfied", "Fairly satisfied", "Dissatisfied"), (2, 1)),
        (("Strongly agree", "Agree", "Neither", "Disagree", "Do not know"), (2, 1)),
    ],
)
def test_an_unbalanced_scale_is_found_by_its_words(options: tuple[str, ...], sides: tuple[int, int]) -> None:
    (hint,) = [hint for hint in hints(tiny(worded(*options))) if hint.kind is HintKind.UNBALANCED_SCALE]
    assert (hint.params["positive"], hint.params["negative"]) == sides


@pytest.mark.parametrize(
    "options",
    [("是", "否"), ("同意", "不同意"), ("公交", "地铁", "没有用过"), ("Yes", "No"), ("汉族", "回族", "不好说")],
)
def test_facts_and_consent_are_no_opinion(options: tuple[str, ...]) -> None:
    assert kinds(worded(*options)) == [HintKind.NO_REFUSAL]


def test_where_a_rate_is_counted_by_codes_polarity_is_not_missed() -> None:
    counted = indicator("IND_S", "Q1", "{ codes = [1] }", label="满意")
    assert HintKind.NO_POLARITY not in kinds(worded("满意", "不满意", "一般"), counted)


@pytest.mark.parametrize("text", ["都没有", "以上都不是", "以上都没有", "None of the above", "都没参加过"])
def test_none_of_them_stands_alone(text: str) -> None:
    lines = '  { code = 1, zh_Hans = "公交", en = "Bus" },\n  { code = 2, zh_Hans = "地铁", en = "Metro" },\n'
    none = f'  {{ code = 3, zh_Hans = "{text}", en = "{text}" }},\n'
    several = SATISFIED.replace('"single"', '"multi"').replace('scale = "sat5"', f"options = [\n{lines}{none}]")
    assert HintKind.NONE_NOT_EXCLUSIVE in kinds(several)
    assert HintKind.NONE_NOT_EXCLUSIVE not in kinds(several.replace(" },\n]", ", exclusive = true },\n]"))


def test_of_many_items_alike_the_first_are_named() -> None:
    items = [worded("是", "否", item=f"Q{number}") + "required = true\n" for number in range(1, 15)]
    (hint,) = hints(tiny(*items))
    assert (hint.kind, hint.params["count"]) == (HintKind.REQUIRED, 14)
    assert str(hint.params["items"]).endswith("、Q12…")


def test_read_aloud_means_few_options_and_short_questions() -> None:
    many = own_scale(*(["read_aloud = true"] * 9), SILENT)
    assert kinds(many) == [HintKind.MANY_READ_OUT]
    online = HEAD.replace('modes = ["capi"]', 'modes = ["web_open"]').replace(
        "introductions.capi", "introductions.web_open"
    )
    assert hints(load_text(online + many, "tiny")) == ()
    assert kinds(asked("您对" + "很" * 80 + "远的地方满意吗")) == [HintKind.LONG_WORDING]


def test_only_screening_is_required() -> None:
    assert kinds(ADULTS + "required = true\n") == [HintKind.REQUIRED]
    assert kinds(RESIDENT, ADULTS + "required = true\n") == []


def test_a_list_to_recognise_needs_what_does_not_exist() -> None:
    recognise = ACTS.replace("参加过什么", "下面这些您听说过哪些")
    assert kinds(recognise) == [HintKind.NO_DECOY]
    assert kinds(recognise.replace('en = "Sorting waste" }', 'en = "Sorting waste", decoy = true }')) == []


def test_wordings_that_a_declared_language_lacks() -> None:
    head = HEAD.replace('version = "1"', 'version = "1"\nlanguages = ["bo"]')
    found = [hint for hint in hints(load_text(head + SATISFIED, "tiny")) if hint.kind is HintKind.MISSING_WORDING]
    assert {hint.item for hint in found} >= {"Q1", "instrument"}
    assert all(hint.params["language"] == "bo" for hint in found)
