"""Draws, commitments and releases as the verbs of ``survey draw`` print them."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from survey.cli.output import Answer

if TYPE_CHECKING:
    from survey.store.draw_commitments import Commitment
    from survey.store.draws import Draw
    from survey.store.replicate_releases import Release
    from survey.workflow.check_public_values import CheckedValue
    from survey.workflow.draw_sample import Drawn
    from survey.workflow.release_replicate import Released

#: How the seed came about, in words.
_SEEDS = {
    "given": "seed given",
    "machine": "seed made by the machine",
    "public_value": "seed drawn in public",
}


def digest_of(design: str) -> str:
    """Of the canonical text."""
    return hashlib.sha256(design.encode()).hexdigest()


def drawn_answer(drawn: "Drawn", warnings: Iterable[str]) -> Answer:
    from survey.sampling.sample_designs import design_document

    warnings = list(warnings)
    label = "a public draw" if drawn.public else "not a public draw"
    reserves = f" (reserves: {', '.join(map(str, drawn.replicates[1:]))})" if drawn.replicates[1:] else ""
    return Answer(
        document={
            "draw": drawn.draw,
            "digest": drawn.digest,
            "cases": drawn.cases,
            "replicates": list(drawn.replicates),
            "communities": [
                {
                    "area": part.area.code,
                    "name": part.area.name,
                    "units": part.units,
                    "cases": part.cases,
                    "replicates": list(part.replicates),
                }
                for part in drawn.communities
            ],
            "design": design_document(drawn.design),
            "public": drawn.public,
            "commitment": drawn.commitment and commitment_document(drawn.commitment, closed=False),
            "public_value": drawn.value
            and {
                "name": drawn.value.name,
                "value": drawn.value.value,
                "published_at": drawn.value.published_at.isoformat(),
                "source": drawn.value.source,
            },
            "seed_source": drawn.seed_source,
            "warnings": warnings,
        },
        lines=[
            f"draw {drawn.draw}: {drawn.cases} cases{reserves}, {label}, sha256 {drawn.digest}",
            f"{_SEEDS[drawn.seed_source]}{f': {drawn.value.name} = {drawn.value.value}' if drawn.value else ''}",
            *(f"{part.area.code}\t{part.cases} of {part.units}\t{part.area.name}" for part in drawn.communities),
            *(f"! {warning}" for warning in warnings),
        ],
    )


def checked_answer(checked: "CheckedValue") -> Answer:
    value = checked.value
    return Answer(
        document={
            "draw": None,
            "commitment": checked.commitment,
            "public_value": {
                "name": value.name,
                "value": value.value,
                "published_at": value.published_at.isoformat(),
                "source": value.source,
            },
        },
        lines=[
            f"nothing is drawn; commitment {checked.commitment} would be drawn with {value.name} = {value.value}",
            f"published {value.published_at.isoformat()}\t{value.source}",
            "! compare it with what was published: a wrong value that was drawn with is spent",
        ],
    )


def committed_answer(commitment: "Commitment") -> Answer:
    from survey.sampling.public_values import in_beijing
    from survey.sampling.sample_designs import design_document, from_canonical

    values = [
        f"{one.name}\tnot before {in_beijing(one.not_before)}\t{one.spelling.text if one.spelling else '-'}"
        for one in commitment.public_values
    ]
    return Answer(
        document={
            "draw": None,
            "wave": commitment.wave_id,
            "public": True,
            "design": design_document(from_canonical(commitment.design)),
            "commitment": commitment_document(commitment, closed=False),
        },
        lines=[
            f"commitment {commitment.id} of wave {commitment.wave_id}; publish these lines before the values come:",
            f"frame sha256 {commitment.frame_digest}",
            f"design sha256 {digest_of(commitment.design)}",
            *([f"earlier draws sha256 {digest_of(commitment.earlier)}"] if commitment.earlier else []),
            f"secret sha256 {commitment.secret_digest}",
            f"method {commitment.method}",
            *values,
        ],
    )


def withdrawn_answer(commitment: "Commitment") -> Answer:
    withdrawn = commitment.withdrawn
    return Answer(
        document={"wave": commitment.wave_id, "commitment": commitment_document(commitment, closed=False)},
        lines=[
            f"commitment {commitment.id} of wave {commitment.wave_id} is withdrawn and stays on record: "
            f"{withdrawn.reason if withdrawn else ''}",
            "publish that, too; another commitment may be made now, or a draw that is not public",
        ],
    )


def commitment_document(commitment: "Commitment", *, closed: bool) -> dict[str, Any]:
    """``closed``: the wave; before that nobody is told the secret."""
    withdrawn = commitment.withdrawn
    return {
        "id": commitment.id,
        "frame_digest": commitment.frame_digest,
        "design_digest": digest_of(commitment.design),
        "method": commitment.method,
        "earlier_digest": digest_of(commitment.earlier) if commitment.earlier else None,
        "secret_digest": commitment.secret_digest,
        "secret": commitment.secret if closed else None,
        "public_values": [
            {
                "name": one.name,
                "not_before": one.not_before.isoformat(),
                "spelling": one.spelling.text if one.spelling else None,
            }
            for one in commitment.public_values
        ],
        "withdrawn": withdrawn and {"at": withdrawn.at.isoformat(), "by": withdrawn.by, "reason": withdrawn.reason},
        "committed_at": commitment.committed_at.isoformat(),
        "committed_by": commitment.committed_by,
    }


def draw_document(draw: "Draw", *, closed: bool, releases: Iterable["Release"] = ()) -> dict[str, Any]:
    """A draw as JSON shows it. ``closed``: the wave; before that nobody is told seed and salt of a public draw."""
    told = closed or not draw.public
    return {
        "draw": draw.id,
        "state": draw.state,
        "per_community": draw.per_community,
        "method": draw.method,
        "design_digest": digest_of(draw.design),
        "public": draw.public,
        "commitment": draw.commitment_id,
        "public_value": draw.public_value_at
        and {
            "name": draw.public_value_name,
            "value": draw.public_value,
            "published_at": draw.public_value_at.isoformat(),
            "source": draw.public_value_source,
        },
        "seed": draw.seed if told else None,
        "seed_source": draw.seed_source,
        "salt": draw.salt if told else None,
        "digest": draw.digest,
        "frame_digest": draw.frame_digest,
        "cases": draw.cases,
        "replicates": draw.replicates,
        "releases": [_release(one) for one in releases],
        "drawn_by": draw.drawn_by,
        "drawn_at": draw.drawn_at.isoformat(),
        "decided_by": draw.decided_by,
        "decided_at": draw.decided_at.isoformat() if draw.decided_at else None,
        "reason": draw.reason,
    }


def released_answer(released: "Released") -> Answer:
    release = released.release
    return Answer(
        document={"draw": release.draw_id, **_release(release), "cases": released.cases, "left": released.left},
        lines=[
            f"replicate {release.replicate} of {release.area} released: {released.cases} cases, "
            f"{released.left} replicates left there; assign them next"
        ],
    )


def _release(release: "Release") -> dict[str, Any]:
    return {
        "area": release.area,
        "replicate": release.replicate,
        "reason": release.reason,
        "released_at": release.released_at.isoformat(),
        "released_by": release.released_by,
    }
