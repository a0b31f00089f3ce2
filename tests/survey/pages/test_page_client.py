"""The inspector itself: each rule refuses a page that breaks it, and a good page passes."""

import pytest

from tests.survey.pages.page_client import find_problems

GOOD = """<!DOCTYPE html><html lang="zh-Hans"><head><title>轮次 – 居民</title></head><body>
<h1>轮次</h1><a href="/waves">全部</a>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
<label for="a">名称</label><input id="a" name="a"><button>好</button></form>
<svg role="img" aria-labelledby="c"><title id="c">图</title></svg></body></html>"""


def test_a_good_page_has_no_problems() -> None:
    assert find_problems(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("<h1>轮次</h1>", "", "0 h1"),
        ("<h1>轮次</h1>", "<h1>轮次</h1><h1>轮次</h1>", "2 h1"),
        ("<h1>轮次</h1>", "<h1>报告</h1>", "does not start"),
        ("<h1>轮次</h1>", "<h1>轮次</h1><h3>深</h3>", "skipped"),
        (' lang="zh-Hans"', "", "language"),
        ('<label for="a">名称</label>', "", "no label"),
        ('<label for="a">名称</label>', '<label for="a"></label>', "no label"),
        ('<input type="hidden" name="csrf_token" value="t">', "", "CSRF"),
        ('method="post"', 'method="get"', "into an address"),
        ('id="c"', 'id="a"', "used 2 times"),
        ('aria-labelledby="c"', 'aria-labelledby="d"', "points to nothing"),
        ('href="/waves"', 'href="#nowhere"', "points to nothing"),
        ('href="/waves"', 'href="https://example.org/"', "another site"),
        ('href="/waves"', 'href="//example.org/"', "another site"),
        ('href="/waves"', 'href="javascript:go()"', "inline"),
        ('href="/waves"', "", "leads nowhere"),
        (">全部<", "><", "says nothing"),
        ("<button>", '<button onclick="go()">', "inline"),
        ("<h1>", '<h1 style="color:red">', "inline"),
        ("</body>", "<script>go()</script></body>", "script"),
        ("</body>", "<style>p{}</style></body>", "style"),
        ("</body>", '<img src="/a.png"></body>', "alt"),
        ("</body>", "<table><tr><td>1</td></tr></table></body>", "caption"),
        ("</body>", "<fieldset></fieldset></body>", "legend"),
        ("</body>", "<p></body>", "closes"),
        ('<title id="c">图</title>', "", "no name"),
    ],
)
def test_each_rule_refuses_its_fault(good: str, bad: str, problem: str) -> None:
    assert good in GOOD
    problems = find_problems(GOOD.replace(good, bad, 1))
    assert any(problem in found for found in problems), problems
