"""What of a wording is taken for two things, for leading or for two departments, and what is ordinary."""

import pytest

from questionnaires.definition import Text
from questionnaires.question_words import departments_in, joined_objects, leading_words

#: Ordinary questions: one thing, no answer suggested.
ORDINARY = (
    "您和社区工作人员说过话吗？",
    "您与物业打过交道吗？",
    "您与多少人同住？",
    "您多久和邻居聊一次天？",
    "您愿意和志愿者一起参加活动吗？",
    "您觉得和去年相比，环境变好了吗？",
    "您和家里的老人去过社区医院吗？",
    "您和配偶都工作吗？",
    "您当然可以不回答。您满意吗？",
    "和去年相比，您觉得环境有没有明显变化？",
    "您觉得交通有明显改善、没有变化还是变差？",
    "您觉得小区是不是很吵？",
    "您应该知道小区的物业电话吗？",
    # Further ones.
    "您对学校与家长的沟通满意吗？",
    "您认为环境改善了还是变差了，有很大变化吗？",
    "您觉得巨大变化还是没变化？",
    "您对人行道和非机动车道分开的设置满意吗？",
    "您平时和谁一起住？",
    "和三年前比，您觉得治安怎样？",
    "您对民警和蔼的态度满意吗？",
    "您同意“社区越来越干净”这个说法吗？",
    "您对楼上楼下邻居之间的关系满意吗？",
    "您和居委会联系过吗？",
    "您在多大程度上同意小区的绿化很好？",
    "您支持还是反对这项工作？",
    "您是否参与过垃圾分类？",
    "反映的问题及时解决了吗？",
    "您最近和物业见面谈过这件事吗？",
    "您对住处附近的公园满意吗？",
    "您同意提高停车费吗？",
    "您知道邻里纠纷可以找谁调解吗？",
    "您对地铁站门口的停车满意吗？",
)
ORDINARY_ENGLISH = (
    "How satisfied are you with the parks?",
    "Do you and your family live here all year?",
    "How do you feel about law and order in your area?",
    "Of course you may skip this question. Are you satisfied?",
    "Do you agree or disagree that the parks are very good?",
    "Has there been any significant improvement, no change, or has it got worse?",
    "How often do you talk with your neighbours?",
    "Between Monday and Friday, how many days do you work?",
    "How satisfied are you with the distance between home and work?",
    "Would you say traffic is better, the same or worse?",
    "How well do you know your neighbours?",
    "Do you support or oppose this proposal?",
    "How old are you?",
    "Why doesn't the bus come more often?",
    "How satisfied are you with health and safety at work?",
    "When and where did you last use the bus?",
    "Do you feel safe walking alone at night?",
    "To what extent do you agree that the streets are clean?",
    "How satisfied or dissatisfied are you with the noise?",
    "Which of these have you heard of?",
    "Do you think things are getting better and better, or worse?",
)
TWO_THINGS = (
    "您对水电、燃气等设施满意吗？",
    "您对小区的垃圾分类和回收工作满意吗？",
    "您对绿化、卫生、治安满意吗？",
    "您支持创建文明城市和卫生城市吗？",
    "您对公交和地铁满意吗？",
    "您对社区的医疗与养老服务满意吗？",
    "您对道路平整以及路灯照明满意吗？",
    "您对停车、照明等服务怎么评价？",
    "您对窗口的态度和效率满意吗？",
    "您知道并且支持这项规定吗？",
    "您对老师和食堂的饭菜满意吗？",
    "您觉得小区的安静和干净程度如何？",
    "您对业委会和消防队的工作满意吗？",
    "您对工作人员的态度和沟通满意吗？",
    "您对垃圾清运和学校周边的停车满意吗？",
    "您对老师的教学和家校沟通满意吗？",
)
TWO_THINGS_ENGLISH = (
    "How satisfied are you with the cleanliness and safety of the area?",
    "How would you rate the buses and the underground?",
    "Do you support the ban and the new fine?",
    "Are you happy with the speed and quality of repairs?",
    "Are you satisfied with the parks and/or the streets?",
)
LEADING = (
    "大家都知道治安变好了，您满意吗？",
    "我市的工作有目共睹，您满意吗？",
    "难道您不支持吗？",
    "您是不是很满意？",
    "小区取得了很大进步，您怎么看？",
    "您一定支持这项工作吧？",
    "您应该满意现在的环境吗？",
    "毫无疑问，环境改善了。您满意还是不满意？",
    "在市委的正确领导下，您的生活好吗？",
    "您认同社区的服务非常周到吗？",
)
LEADING_ENGLISH = (
    "Don't you agree that the city is cleaner?",
    "Isn't the new park nice?",
    "How wonderful is the new park?",
    "Do you agree that our work is excellent?",
    "There has been tremendous progress. How satisfied are you?",
    "Most residents support the plan. Do you?",
    "You will certainly agree with this plan. Do you?",
    "As we all know, the streets are safe. Are you satisfied?",
    "How satisfied are you with our excellent service?",
    "Surely you support this?",
)


def chinese(wording: str) -> Text:
    return Text(zh_Hans=wording, en="x")


def english(wording: str) -> Text:
    """As a form in one language comes in."""
    return Text(zh_Hans=wording, en=wording)


@pytest.mark.parametrize("text", [*map(chinese, ORDINARY), *map(english, ORDINARY_ENGLISH)], ids=lambda text: text.en)
def test_an_ordinary_question_is_left_alone(text: Text) -> None:
    assert (joined_objects(text), joined_objects(text, fact=True), leading_words(text)) == ("", "", "")


@pytest.mark.parametrize("text", [*map(chinese, TWO_THINGS), *map(english, TWO_THINGS_ENGLISH)])
def test_two_things_are_found(text: Text) -> None:
    assert joined_objects(text)
    assert leading_words(text) == ""


@pytest.mark.parametrize("text", [*map(chinese, LEADING), *map(english, LEADING_ENGLISH)])
def test_what_leads_is_found(text: Text) -> None:
    assert leading_words(text)


def test_the_english_of_a_chinese_question_is_not_judged_for_its_ands() -> None:
    assert joined_objects(Text(zh_Hans="您对治安满意吗？", en="Are you satisfied with law and its keeping?")) == ""


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("您对医院和学校周边的停车满意吗？", ()),
        ("您对学校附近派出所的巡逻满意吗？", ("派出所",)),
        ("您对医院门口的城管满意吗？", ("城管",)),
        ("您对物业和居委会满意吗？", ("物业", "居委会")),
        ("您对医院、学校满意吗？", ("医院", "学校")),
        ("您对社区医院的医生满意吗？", ("医院",)),
    ],
)
def test_a_place_is_no_department(wording: str, named: tuple[str, ...]) -> None:
    assert departments_in(wording) == named
    assert joined_objects(chinese("您对医院和学校周边的停车满意吗？")) == ""
