from pathlib import Path

from survey.config import read_config


def test_the_keys_are_where_the_setting_says():
    assert read_config({"SURVEY_KEYS": "/srv/keys", "SURVEY_INSTANCE": "/srv/site"}).keys == Path("/srv/keys")


def test_without_the_setting_the_keys_are_in_the_instance():
    for environ in ({"SURVEY_INSTANCE": "/srv/site"}, {"SURVEY_INSTANCE": "/srv/site", "SURVEY_KEYS": ""}):
        assert read_config(environ).keys == Path("/srv/site/keys")


def test_another_database_leaves_the_keys_where_they_are():
    environ = {"SURVEY_INSTANCE": "/srv/site", "SURVEY_DATABASE_URL": "postgresql://me@host/name"}
    assert read_config(environ).keys == Path("/srv/site/keys")
