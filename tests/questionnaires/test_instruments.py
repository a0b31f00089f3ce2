"""The built-in questionnaires as a methodologist would review them."""

import re
from collections.abc import Iterator

import pytest

from questionnaires.definition import MODES, IndicatorSet, Item, ItemType, OptionKind, Polarity, Questionnaire, Text
from questionnaires.indicators import registered_indicators
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.routing import routed_items
from questionnaires.scales import shared_scales
from questionnaires.wording import fill, placeholder_names
from survey.waves import Mode

CITY, VILLAGE, SERVICE, SHORT, PHONE = (load_file(path) for path in BUILT_IN.values())
RESIDENTS = [CITY, VILLAGE]
ALL = [CITY, VILLAGE, SERVICE, SHORT, PHONE]
each = pytest.mark.parametrize("questionnaire", ALL, ids=lambda q: q.slug)
each_of_residents = pytest.mark.parametrize("questionnaire", RESIDENTS, ids=lambda q: q.slug)


def texts(questionnaire: Questionnaire) -> Iterator[Text]:
    """Every wording a respondent or interviewer meets."""
    yield from (questionnaire.title, questionnaire.population, questionnaire.closing)
    yield from questionnaire.introductions.values()
    for item in questionnaire.items:
        yield item.text
        yield from (option.text for option in item.options)
        if item.interviewer_note:
            yield item.interviewer_note


def core_domains(questionnaire: Questionnaire) -> list[Item]:
    return [item for item in questionnaire.items if item.section == "domain" and item.module is None]


def test_the_modes_of_instruments_are_the_modes_of_waves() -> None:
    assert set(MODES) == set(Mode)


@each
def test_every_introduction_names_sponsor_fieldwork_telephone_and_approval(questionnaire: Questionnaire) -> None:
    assert set(questionnaire.introductions) == set(questionnaire.modes)
    for introduction in questionnaire.introductions.values():
        for wording in (introduction.zh_Hans, introduction.en):
            assert {"sponsor", "fieldwork", "telephone", "approval"} <= placeholder_names(wording)


@each
def test_unfilled_places_are_filled_with_visible_gaps(questionnaire: Questionnaire) -> None:
    filled = [fill(text, questionnaire.placeholders) for text in texts(questionnaire)]
    assert not [text for text in filled if "{" in text.zh_Hans + text.en]


@each_of_residents
def test_a_drawn_household_is_told_what_becomes_of_its_door_number(questionnaire: Questionnaire) -> None:
    for mode in ("capi", "web_token"):
        introduction = questionnaire.introductions[mode].zh_Hans
        assert "随机抽到" in introduction
        assert "门牌只用于抽样和核查" in introduction
        assert "与答卷永久断开" in introduction
        assert "不记门牌" not in introduction


@each_of_residents
def test_whoever_comes_by_themselves_is_not_told_of_a_draw(questionnaire: Questionnaire) -> None:
    for mode in ("web_open", "paper_entry"):
        introduction = questionnaire.introductions[mode]
        assert "随机" not in introduction.zh_Hans
        assert "random" not in introduction.en
        assert "单独列出" in introduction.zh_Hans
        assert "门牌只用于抽样" not in introduction.zh_Hans


@each_of_residents
def test_a_paper_form_is_handed_back_sealed(questionnaire: Questionnaire) -> None:
    introduction = questionnaire.introductions["paper_entry"]
    assert "装进信封封好" in introduction.zh_Hans
    assert "seal the form in the envelope" in introduction.en
    assert "访员" not in introduction.zh_Hans


@each_of_residents
def test_overall_satisfaction_has_no_way_out_of_the_base_and_shows_dont_know(questionnaire: Questionnaire) -> None:
    overall = questionnaire.item(questionnaire.indicator("IND_SAT_OVERALL").item)
    assert not [option for option in overall.options if option.kind is OptionKind.NOT_APPLICABLE]
    (dont_know,) = (option for option in overall.options if option.kind is OptionKind.DONT_KNOW)
    assert (dont_know.text.zh_Hans, dont_know.read_aloud) == ("不了解", True)


def test_the_overall_rating_of_a_service_has_no_way_out_of_the_base() -> None:
    overall = SERVICE.item(SERVICE.indicator("IND_SAT_CASE").item)
    assert not [option for option in overall.options if option.kind is OptionKind.NOT_APPLICABLE]


def test_no_experience_is_offered_only_where_contact_is_needed() -> None:
    def offered(questionnaire: Questionnaire) -> set[str]:
        return {
            indicator.code
            for indicator in questionnaire.indicators
            if indicator.set is IndicatorSet.DOMAIN
            and any(o.kind is OptionKind.NOT_APPLICABLE for o in questionnaire.item(indicator.item).options)
        }

    assert offered(CITY) == {
        f"IND_SAT_{object_}" for object_ in ("VOLUNTEER", "COMMITTEE", "PROPERTY", "GOVSERVICE", "MARKET")
    }
    assert offered(VILLAGE) == {
        f"IND_SAT_{object_}" for object_ in ("CULTURE", "STATION", "VILLAGE_SERVICE", "TOWN_SERVICE")
    }


def test_an_estate_without_property_company_has_its_own_answer() -> None:
    without = CITY.item(CITY.indicator("IND_SAT_PROPERTY").item).option(97)
    assert without is not None
    assert (without.text.zh_Hans, without.kind) == ("没有物业", OptionKind.NOT_APPLICABLE)


@each
def test_every_indicator_is_a_shared_one_in_its_one_wording(questionnaire: Questionnaire) -> None:
    for indicator in questionnaire.indicators:
        assert indicator.label == registered_indicators()[indicator.code].label


def test_every_shared_indicator_is_used() -> None:
    used = {indicator.code for questionnaire in ALL for indicator in questionnaire.indicators}
    assert used == set(registered_indicators())


@each_of_residents
def test_the_headline_and_honesty_sets_are_whole(questionnaire: Questionnaire) -> None:
    found = {
        group: [indicator.code for indicator in questionnaire.indicators if indicator.set is group]
        for group in (IndicatorSet.HEADLINE, IndicatorSet.HONESTY)
    }
    assert found == {
        IndicatorSet.HEADLINE: ["IND_AWARE", "IND_SUPPORT", "IND_PARTICIPATE", "IND_SAT_OVERALL"],
        IndicatorSet.HONESTY: ["IND_COACHING", "IND_OUTREACH_REACH", "IND_DECOY"],
    }


@each
def test_a_fact_has_no_polarity_so_being_coached_can_never_look_good(questionnaire: Questionnaire) -> None:
    coached = questionnaire.indicator("IND_COACHING")
    assert coached.codes == {1}
    assert not [option for option in questionnaire.item(coached.item).options if option.polarity]


def test_yes_no_scales_carry_no_polarity() -> None:
    for name in ("happened", "yesno"):
        assert not [option for option in shared_scales()[name] if option.polarity]


@each_of_residents
def test_ten_core_topics_of_one_object_and_one_department_each(questionnaire: Questionnaire) -> None:
    core = core_domains(questionnaire)
    assert len(core) == 10
    rated = [item for item in questionnaire.items if item.section == "domain"]
    assert all(item.department for item in rated)
    assert len(rated) > 15
    by_item = [i.item for i in questionnaire.indicators if i.set is IndicatorSet.DOMAIN]
    assert sorted(by_item) == sorted(item.id for item in rated)
    outside_brackets = [re.sub("（.*?）", "", item.text.zh_Hans) for item in rated]
    assert not [wording for wording in outside_brackets if "、" in wording or "或" in wording]


@each_of_residents
def test_a_module_is_asked_only_where_a_wave_takes_it(questionnaire: Questionnaire) -> None:
    modules = {item.module for item in questionnaire.items if item.module}
    assert len(modules) == 2
    for module in modules:
        asked = routed_items(questionnaire, {}, mode="capi", modules=[module])
        assert {item.module for item in asked} == {None, module}


@each_of_residents
def test_satisfaction_has_five_steps_and_the_middle_does_not_count(questionnaire: Questionnaire) -> None:
    for indicator in questionnaire.indicators:
        if indicator.code.startswith("IND_SAT_"):
            item = questionnaire.item(indicator.item)
            steps = [option for option in item.options if option.kind is OptionKind.SUBSTANTIVE]
            assert [step.text.zh_Hans for step in steps] == ["非常满意", "比较满意", "一般", "不太满意", "很不满意"]
            assert steps[2].polarity is Polarity.NEUTRAL
            assert indicator.codes == {1, 2}
            assert item.reverse_order


def test_the_four_step_scale_is_kept_for_a_split_half_test() -> None:
    steps = [option for option in shared_scales()["sat4"] if option.kind is OptionKind.SUBSTANTIVE]
    assert [step.polarity for step in steps] == [Polarity.POS, Polarity.POS, Polarity.NEG, Polarity.NEG]


@each_of_residents
def test_participation_is_an_act_in_public_life(questionnaire: Questionnaire) -> None:
    rate = questionnaire.indicator("IND_PARTICIPATE")
    counted = "".join(
        option.text.zh_Hans for option in questionnaire.item(rate.item).options if option.code in rate.codes
    )
    for private in ("垃圾分类", "意见", "自家", "其他", "没有"):
        assert private not in counted


@each
def test_instructions_are_not_in_the_question(questionnaire: Questionnaire) -> None:
    stems = "".join(item.text.zh_Hans for item in questionnaire.items)
    for instruction in ("不提示", "正序", "倒序", "不问是谁", "访员", "主要是从哪里"):
        assert instruction not in stems


@each_of_residents
def test_recognition_with_a_decoy_comes_before_awareness(questionnaire: Questionnaire) -> None:
    order = [item.id for item in questionnaire.items]
    decoy, aware = questionnaire.indicator("IND_DECOY"), questionnaire.indicator("IND_AWARE")
    assert order.index(decoy.item) == order.index(aware.item) - 1
    assert questionnaire.item(decoy.item).type is ItemType.MULTI
    assert len(decoy.codes) == 1


@each_of_residents
def test_awareness_is_worded_for_the_campaign_of_the_wave(questionnaire: Questionnaire) -> None:
    asked = questionnaire.item("A1").text
    assert "正在创建" in fill(asked, questionnaire.placeholders).zh_Hans
    later = fill(asked, {**questionnaire.placeholders, "campaign": "巩固", "campaign.en": "remain"})
    assert "正在巩固" in later.zh_Hans
    assert "remain" in later.en


def test_a_village_wave_asks_about_village_or_township_never_both() -> None:
    asked = VILLAGE.item("A1").text
    assert "咱们村正在创建文明村" in fill(asked, VILLAGE.placeholders).zh_Hans
    township = fill(asked, {**VILLAGE.placeholders, "place": Text(zh_Hans="镇", en="township")})
    assert "咱们镇正在创建文明镇" in township.zh_Hans


def test_reasons_for_not_supporting_come_after_the_topics() -> None:
    order = [item.id for item in CITY.items]
    assert order.index("B2") > max(order.index(item.id) for item in CITY.items if item.section == "domain")


@pytest.mark.parametrize(
    ("questionnaire", "item"),
    [(CITY, "A2"), (CITY, "B2"), (CITY, "E3"), (VILLAGE, "A2"), (VILLAGE, "E3")]
    + [(SERVICE, name) for name in ("P4", "P4W", "P5", "F3")],
)
def test_these_items_can_be_refused(questionnaire: Questionnaire, item: str) -> None:
    assert questionnaire.item(item).refused_codes == {99}


@each_of_residents
def test_solved_and_satisfied_are_two_questions(questionnaire: Questionnaire) -> None:
    solved, satisfied = questionnaire.indicator("IND_RESOLVE"), questionnaire.indicator("IND_SAT_HANDLING")
    assert solved.item != satisfied.item
    assert "满意" not in "".join(option.text.zh_Hans for option in questionnaire.item(solved.item).options)


@each_of_residents
def test_coaching_is_answered_by_the_respondent_alone(questionnaire: Questionnaire) -> None:
    coached = questionnaire.item("G1")
    assert "该选哪个答案" in coached.text.zh_Hans
    assert coached.interviewer_note is not None
    assert "自己填写" in coached.interviewer_note.zh_Hans
    assert "不算本次访问" in questionnaire.item("G3").text.zh_Hans


def test_village_rules_are_not_presupposed_and_stays_do_not_overlap() -> None:
    assert "有没有村规民约" in VILLAGE.item("A3").text.zh_Hans
    stays = [option.text.zh_Hans for option in VILLAGE.item("S2").options]
    assert stays[1:] == ["满6个月，不满9个月", "9个月及以上"]


def test_a_service_rating_names_the_case_and_asks_by_kind_of_case() -> None:
    for introduction in SERVICE.introductions.values():
        assert "case" in placeholder_names(introduction.zh_Hans)
    hotline = {item.id for item in routed_items(SERVICE, {"S1": 1})}
    window = {item.id for item in routed_items(SERVICE, {"S1": 2})}
    assert {"P1", "P1B", "P2", "P3", "F3"} <= hotline
    assert {"P3W", "P5", "D6", "F3"} <= window
    assert not {"P3W", "P5", "D6"} & hotline
    assert not {"P1", "P1B", "P2", "P3"} & window


@each_of_residents
def test_insiders_are_flagged_and_not_screened_out(questionnaire: Questionnaire) -> None:
    assert not questionnaire.item("S3").terminating_codes


@each_of_residents
def test_an_invitation_online_picks_the_next_birthday_and_counts_the_adults(questionnaire: Questionnaire) -> None:
    assert "下一个过生日" in questionnaire.introductions["web_token"].zh_Hans
    adults = questionnaire.item("N1")
    assert (adults.type, adults.modes, adults.minimum) == (ItemType.NUMBER, ("web_token",), 1)
    assert adults in routed_items(questionnaire, {}, mode="web_token")
    assert adults not in routed_items(questionnaire, {}, mode="capi")


@each
def test_chinese_is_written_with_chinese_punctuation(questionnaire: Questionnaire) -> None:
    assert not [text.zh_Hans for text in texts(questionnaire) if re.search(r"[一-龥][,;:?!()]", text.zh_Hans)]


@each
def test_english_is_written_without_chinese(questionnaire: Questionnaire) -> None:
    assert not [text.en for text in texts(questionnaire) if re.search(r"[\u3000-\uffef]", text.en)]
