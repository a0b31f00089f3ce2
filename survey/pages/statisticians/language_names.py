"""Languages as those who speak them call them."""

from survey.language_files import code_of, known_languages


def language_name(tag: str) -> str:
    """The tag itself where the site has no file of the language.

    >>> language_name("en"), language_name("xx")
    ('English', 'xx')
    """
    code = code_of(tag)
    return known_languages()[code].name if code in known_languages() else tag
