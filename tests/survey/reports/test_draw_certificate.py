"""The certificate says what was promised, drawn and approved, and hides what would tell a home before the end."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from analysis.sampling.sample_design import Reserves
from survey.reports.draw_certificate import CertificateDocument, compose_certificate
from survey.reports.draw_certificate_facts import (
    CertificateFacts,
    CommitmentFacts,
    CommunityCount,
    NamedValue,
    OtherCommitment,
    RejectedDraw,
    Standing,
    UsedValue,
)
from survey.reports.pdf import render_pdf, replace_missing
from survey.reports.rendering import render_certificate_html
from survey.waves import SeedSource
from tests.survey.reports.test_design_words import EQUAL

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SECRET, SEED, SALT = "9e" * 32, "ab" * 32, "cd" * 16
FACTS = CertificateFacts(
    wave_id=3,
    wave_name="第四季度调查",
    fictitious=False,
    draw_id=4,
    standing=Standing.APPROVED,
    public=True,
    seed_source=SeedSource.PUBLIC_VALUE,
    design=replace(EQUAL, reserves=Reserves(replicates=1, per_community=20)),
    design_digest="1a" * 32,
    frame_digest="2b" * 32,
    areas_digest="3c" * 32,
    units_digest="4d" * 32,
    units=2100,
    drawable=2000,
    digest="5e" * 32,
    method="stages/2",
    main=200,
    reserve=40,
    released=20,
    communities=(
        CommunityCount(
            code="440983102001", name="东风社区", units=1778, main=100, reserve=20,
            low=Fraction(120, 1778), high=Fraction(120, 1778),
        ),
        CommunityCount(code="440983102002", name="西湖社区", units=222, main=100, reserve=20, varies=True),
        CommunityCount(code="440983102201", name="无房村", units=0, main=0),
    ),
    drawn_by="tongji",
    drawn_at=AT + timedelta(days=5),
    decided_by="shenhe",
    decided_at=AT + timedelta(days=6),
    reason="",
    rejected=(
        RejectedDraw(
            id=3, drawn_at=AT + timedelta(days=2), drawn_by="tongji", decided_at=AT + timedelta(days=3),
            decided_by="shenhe", reason="漏了 3 栋。", value="第 1 期", digest="6f" * 32,
        ),
    ),
    others=(),
    commitment=CommitmentFacts(
        id=2, at=AT, by="tongji", secret_digest="7a" * 32,
        values=(
            NamedValue(name="第 1 期", not_before=AT + timedelta(days=1)),
            NamedValue(name="第 2 期", not_before=AT + timedelta(days=4)),
        ),
    ),
    value=UsedValue(name="第 2 期", value="03 07 11", published_at=AT + timedelta(days=4), source="报纸"),
    seed=None,
    salt=None,
    made_at=AT,
)  # fmt: skip
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


def texts(document: CertificateDocument) -> str:
    return render_certificate_html(document)


def test_a_public_draw_of_an_open_wave() -> None:
    document = compose_certificate(FACTS, language="zh_Hans")
    assert document.label == "公开抽签"
    assert document.watermark == ""
    course = dict(document.course)
    assert course["事先承诺"].startswith("2026年11月20日 10:00，tongji")
    assert course["约定的公开数字 2"] == "第 2 期，不早于 2026年11月24日 10:00；写法没有约定：照公布的原文"
    assert course["用到的公开数字"] == "03 07 11（第 2 期，2026年11月24日 10:00 公布，来源：报纸）"
    assert course["已批准"] == "2026年11月26日 10:00，shenhe"
    digests = dict(document.digests)
    assert digests["抽样摘要"] == FACTS.digest
    assert digests["密数的 SHA-256"] == "7a" * 32
    assert {digests[name] for name in ("密数", "种子", "盐")} == {"调查结束后公布"}
    assert len(document.steps) == 5
    assert "漏了 3 栋。摘要" in document.rejected[0]
    assert "公开数字“第 1 期”" in document.rejected[0]


def test_reserves_and_how_many_of_them_are_asked() -> None:
    assert ("样本", "200 户，另有备用 40 户，其中启用 20 户") in compose_certificate(FACTS, language="zh_Hans").facts


def test_counts_of_communities() -> None:
    document = compose_certificate(FACTS, language="zh_Hans")
    east, west, village = document.rows
    assert (east.units, east.main, east.reserve, east.probability, east.fraction) == (
        "1,778", "100", "20", "6.75%", "60/889",
    )  # fmt: skip
    assert (west.probability, west.fraction) == ("—", "调查结束后公布")
    assert (village.main, village.probability, village.fraction) == ("0", "—", "—")
    assert document.total is not None
    assert (document.total.units, document.total.main) == ("2,000", "200")


def test_other_promises_on_the_same_list_are_told() -> None:
    other = OtherCommitment(id=1, wave_name="试抽", at=AT, by="tongji", values=("第 1 期",), draws=())
    kept = replace(other, id=3, draws=((6, Standing.PROPOSED), (7, Standing.APPROVED)), asked=True)
    document = compose_certificate(replace(FACTS, others=(other, kept)), language="zh_Hans")
    assert document.others == (
        "第 1 号承诺（试抽）：2026年11月20日 10:00，tongji；约定 第 1 期。没有照它抽过。",
        "第 3 号承诺（试抽）：2026年11月20日 10:00，tongji；约定 第 1 期。第 6 号抽样（待批准） 第 7 号抽样（已批准） "
        "抽中的住户已在调查，或已调查完。",
    )
    assert "同一批社区或同一个公开数字的其他承诺" in texts(document)
    assert "同一批社区或同一个公开数字的其他承诺" not in texts(compose_certificate(FACTS, language="zh_Hans"))


def test_different_probabilities_are_told_after_the_end() -> None:
    assert FACTS.communities
    west = replace(FACTS.communities[1], low=Fraction(1, 9), high=Fraction(1, 5))
    (row,) = compose_certificate(replace(FACTS, communities=(west,)), language="zh_Hans").rows
    assert (row.probability, row.fraction) == ("11.11%–20.00%", "各户不同")


def test_once_the_wave_is_closed_everything_is_told() -> None:
    assert FACTS.commitment
    closed = replace(FACTS, seed=SEED, salt=SALT, commitment=replace(FACTS.commitment, secret=SECRET))
    digests = dict(compose_certificate(closed, language="zh_Hans").digests)
    assert (digests["密数"], digests["种子"], digests["盐"]) == (SECRET, SEED, SALT)


def test_a_draw_that_is_not_public_says_what_that_means() -> None:
    private = replace(FACTS, public=False, commitment=None, value=None, seed_source=SeedSource.MACHINE, rejected=())
    document = compose_certificate(private, language="zh_Hans")
    assert document.label == "非公开抽签"
    assert dict(document.course)["种子的来历"].startswith("由服务器随机产生")
    assert len(document.steps) == 5
    assert "不能证明没有人挑过种子" in document.steps[-1]
    assert "没有。" in texts(document)


@pytest.mark.parametrize(
    ("changes", "watermark"),
    [
        ({"standing": Standing.PROPOSED, "decided_by": None, "decided_at": None}, "待批准"),
        ({"standing": Standing.REJECTED}, "已否决"),
        ({"fictitious": True}, "虚构数据"),
    ],
)
def test_what_no_approved_certificate_is(changes: dict[str, object], watermark: str) -> None:
    document = compose_certificate(replace(FACTS, **changes), language="zh_Hans")  # type: ignore[arg-type]
    assert document.watermark == watermark
    assert f'<p class="watermark">{watermark}</p>' in texts(document)


def test_why_a_draw_was_rejected_stands_on_its_own_certificate() -> None:
    rejected = compose_certificate(replace(FACTS, standing=Standing.REJECTED, reason="漏了 3 栋"), language="zh_Hans")
    assert ("已否决", "2026年11月26日 10:00，shenhe，理由：漏了 3 栋") in rejected.course


def test_an_approval_that_nobody_reviewed_says_so() -> None:
    plain = dict(compose_certificate(FACTS, language="zh_Hans").course)["已批准"]
    assert "审核" not in plain
    told = dict(compose_certificate(replace(FACTS, reason="在纸上核过"), language="zh_Hans").course)["已批准"]
    assert told == f"{plain}，没有人审核过就批准，理由：在纸上核过"


def test_where_communities_are_drawn_none_is_named_before_the_end() -> None:
    document = compose_certificate(replace(FACTS, communities=None), language="zh_Hans")
    assert "东风社区" not in texts(document)
    assert document.counts_note.startswith("社区本身也是抽出来的")


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_forty_communities_with_long_names_fit_the_paper(language: str, tmp_path: Path) -> None:
    name = "云雾山高新技术产业开发区滨海新城幸福里第{}居民委员会联合社区（筹备）"
    rows = tuple(
        CommunityCount(
            code=f"440983102{n:03}", name=name.format(n), units=1_234_567, main=10_000, reserve=2_000,
            low=Fraction(12_000, 1_234_567), high=Fraction(12_000, 1_234_567),
        )
        for n in range(1, 41)
    )  # fmt: skip
    facts = replace(FACTS, wave_name="云城市" * 20, communities=rows, drawn_by="a" * 64)
    html, missing = replace_missing(render_certificate_html(compose_certificate(facts, language=language)))
    pdf = render_pdf(html)
    assert missing == ""
    assert pdf.pages <= 4
    (tmp_path / "c.pdf").write_bytes(pdf.content)
    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "c.pdf"), "-"], capture_output=True, text=True, check=True
    )
    assert FACTS.digest in told.stdout
    assert "440983102040" in told.stdout
