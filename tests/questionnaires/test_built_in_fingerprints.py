"""Questionnaires in the field never change: another wording is another version."""

import pytest

from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import BUILT_IN, load_file

#: Change a questionnaire's version together with its wording, then the line here.
FIELDED = {
    ("urban-community", "1.0"): "c5dde0fbc330cf74ec01d852b81c82497581c6332ab499ce07e660b62e788db5",
    ("civilized-village", "1.0"): "bf57080600b572e3c6cc539c7d84d5da38f313f394a59f877fd24e85127a5f1d",
    ("service-callback", "1.0"): "2da3a71c76202b3f34f7aa70a77f3bc9d5a5095af0b48f288ba09f187eb720f7",
    ("urban-community-short", "1.0"): "c68cda1ada4bbbbae7ffbb632b76e418731b8bdc7447b12f7813ec1d6e298ee0",
    ("service-callback-phone", "1.0"): "33c8c83acb77d945f4b1dda2dee20cc2b1860532e267e0b7143b2bc746fc10c0",
}


@pytest.mark.parametrize("slug", BUILT_IN)
def test_the_wording_of_a_version_is_what_it_was(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    assert FIELDED[slug, questionnaire.version] == questionnaire_fingerprint(questionnaire)
