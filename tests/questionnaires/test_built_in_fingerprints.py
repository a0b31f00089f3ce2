"""Questionnaires in the field never change: another wording is another version."""

import pytest

from questionnaires.common_items import common_items
from questionnaires.definition import Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import BUILT_IN, built_in
from questionnaires.versions import compare_versions, version_key

#: Change a questionnaire's version together with its wording, then the line here.
FIELDED = {
    ("urban-community", "1.2"): "f36b3506120e0bd0501470d000317b3bacd965332403daa153795f51f88e3830",
    ("civilized-village", "1.2"): "00de1fb88dc3abd3d7326bcdd67c5c553ccd78bea7db1c88630568b74a72fa39",
    ("urban-community-short", "1.1"): "95745411807001e5fee6b1196692f476319720d8cc5744f4acda50baaff75430",
    ("civilized-village", "1.1"): "3f7cc51c084f5810700e07dbc0eb0f601b6f005176c095f1b06b4c2d290728dd",
    ("urban-community", "1.1"): "4c1140acd597608b3d04125e432191f802e3c4571f745adf2cb5479caf3cabc9",
    ("urban-community", "1.0"): "c5dde0fbc330cf74ec01d852b81c82497581c6332ab499ce07e660b62e788db5",
    ("civilized-village", "1.0"): "bf57080600b572e3c6cc539c7d84d5da38f313f394a59f877fd24e85127a5f1d",
    ("service-callback", "1.0"): "2da3a71c76202b3f34f7aa70a77f3bc9d5a5095af0b48f288ba09f187eb720f7",
    ("urban-community-short", "1.0"): "c68cda1ada4bbbbae7ffbb632b76e418731b8bdc7447b12f7813ec1d6e298ee0",
    ("service-callback-phone", "1.0"): "33c8c83acb77d945f4b1dda2dee20cc2b1860532e267e0b7143b2bc746fc10c0",
}


VERSIONS = [(slug, each) for slug in BUILT_IN for each in built_in(slug)]


@pytest.mark.parametrize(("slug", "questionnaire"), VERSIONS, ids=lambda each: getattr(each, "version", each))
def test_the_wording_of_a_version_is_what_it_was(slug: str, questionnaire: Questionnaire) -> None:
    assert questionnaire.slug == slug
    assert FIELDED[slug, questionnaire.version] == questionnaire_fingerprint(questionnaire)


def test_no_version_is_forgotten_and_the_newest_comes_first() -> None:
    assert {(slug, each.version) for slug, each in VERSIONS} == FIELDED.keys()
    for slug in BUILT_IN:
        versions = [each.version for each in built_in(slug)]
        assert versions == sorted(set(versions), key=version_key, reverse=True)


@pytest.mark.parametrize("slug", ["urban-community", "civilized-village"])
def test_marking_a_decoy_leaves_every_rate_comparable(slug: str) -> None:
    newest, before = built_in(slug)[1:]
    comparison = compare_versions(before, newest)
    assert all(each.rate and each.score for each in comparison.indicators)
    assert {change.part for change in comparison.changes} == {"A0", "indicator IND_DECOY"}
    decoys = {option.code for option in newest.item("A0").options if option.decoy}
    assert decoys == newest.indicator("IND_DECOY").codes
    assert common_items(before, newest).everything


@pytest.mark.parametrize("slug", ["urban-community", "civilized-village", "urban-community-short"])
def test_what_paper_tells_changes_no_rate(slug: str) -> None:
    newest, before, *_ = built_in(slug)
    comparison = compare_versions(before, newest)
    assert all(each.rate and each.score for each in comparison.indicators)
    assert common_items(before, newest).everything
    changed = {mode for mode, text in newest.introductions.items() if text != before.introductions[mode]}
    assert changed == {"paper_entry"}
