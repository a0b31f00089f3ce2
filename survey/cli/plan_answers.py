"""A sample plan as the command line tells it: one JSON document, or sentences."""

import math
from typing import Any

from analysis.sampling.sample_size import Size
from analysis.sampling.small_samples import Shown
from survey.cli.output import Answer
from survey.messages import N_
from survey.reports.sample_plan_words import points, size_lines
from survey.reports.small_sample_words import verdict
from survey.reports.wording import Say, speaker
from survey.workflow.plan_sample import CommunityPlan, WorkedPlan


def answer(worked: WorkedPlan, language: str) -> Answer:
    return Answer(document=document(worked), lines=lines(worked, speaker(language)))


def document(worked: WorkedPlan) -> dict[str, Any]:
    """``n`` and ``cases``: by the normal approximation; ``published``: for the published interval; ``planned``: the
    larger. Shares from 0 to 1.
    """
    result, saved = worked.result, worked.saved
    request = result.request
    normal, published = (result.sizes.normal, result.sizes.published) if result.sizes else (result.planned,) * 2
    found: dict[str, Any] = {} if saved is None else {"plan": saved.id, "name": saved.name, "saved_by": saved.saved_by}
    found |= {
        "goal": request.goal.value,
        "asked": dict(worked.values),
        **_size(normal),
        "published": _size(published),
        "planned": _size(result.planned),
        "design_effect": round(request.conditions.effect.of(result.planned.completes), 6),
        "margin": dict(zip(("normal", "published"), map(_round, result.margins), strict=True)),
        "power": result.powers and dict(zip(("normal", "published"), map(_round, result.powers), strict=True)),
        "shows": _shown(result.shown),
    }
    if (frame := worked.frame) is not None:
        found["frame"] = {
            "frame": frame.frame_id,
            "rule": frame.allocation.rule.value,
            "cases": frame.cases,
            "completes": frame.completes,
            "margin": _round(frame.margin),
            "cost": frame.cost,
            "communities": [_community(one) for one in frame.communities],
        }
    return found


def lines(worked: WorkedPlan, say: Say) -> list[str]:
    result, planned = worked.result, worked.result.planned
    told = verdict(result.shown, result.request.question, say, level=result.request.conditions.level)
    found = [f"n = {planned.completes}  cases = {planned.cases}", *size_lines(result, say)]
    found += [say(N_("{n}户能说明什么："), n=planned.completes), *(f"+ {line}" for line in told.can)]
    found += [say(N_("{n}户不能说明什么："), n=planned.completes), *(f"- {line}" for line in told.cannot)]
    if (frame := worked.frame) is not None:
        found.append(
            say(
                N_("抽样框第{frame}号：共抽{cases}户，预期完成{n}户"),
                frame=frame.frame_id,
                cases=frame.cases,
                n=frame.completes,
            )
        )
        found += [
            f"{one.area.code}\t{one.cases} of {one.units}\t{_margin_words(one)}\t{one.area.name}"
            for one in frame.communities
        ]
    if worked.saved is not None:
        found.insert(0, f"plan {worked.saved.id}: {worked.saved.name}")
    return found


def _margin_words(one: CommunityPlan) -> str:
    return f"±{points(one.margins[1])}" if one.margins else "-"


def _size(size: Size) -> dict[str, Any]:
    return {"n": size.completes, "cases": size.cases, "effective": _round(size.effective)}


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "n": shown.n,
        "effective": _round(shown.effective),
        "interval": [_round(shown.low), _round(shown.high)],
        "margin": _round(shown.margin),
        "falls_under_line": _round(shown.falls_under),
        "weak_passes": _round(shown.passes),
        "smallest_fall": _round(shown.fall),
        "smallest_rise": _round(shown.rise),
        "spread": _round(shown.spread),
    }


def _community(one: CommunityPlan) -> dict[str, Any]:
    return {
        "area": one.area.code,
        "name": one.area.name,
        "units": one.units,
        "rate": one.rate,
        "cases": one.cases,
        "completes": one.completes,
        "margin": one.margins and _round(one.margins[1]),
    }


def _round(number: float | None) -> float | None:
    """Six digits; nothing in place of infinity (everybody was asked)."""
    return None if number is None or math.isinf(number) else round(number, 6)
