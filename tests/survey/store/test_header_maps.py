import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.store.header_maps import read_headers, save_header
from survey.units import UnitKind


def test_what_a_header_means_is_kept_by_kind_and_can_be_said_anew(database, at):
    with database.writing() as session:
        for kind, header, field in (
            (UnitKind.DWELLING, "幢", "entrance"),
            (UnitKind.DWELLING, "户主", ""),
            (UnitKind.SITE, "幢", "site"),
            (UnitKind.DWELLING, "幢", "building"),
        ):
            save_header(session, kind=kind, header=header, field=field, at=at, by="张")
    with database.reading() as session:
        assert read_headers(session, kind=UnitKind.DWELLING) == {"幢": "building", "户主": ""}
        assert read_headers(session, kind=UnitKind.SITE) == {"幢": "site"}
        assert read_headers(session, kind=UnitKind.WORK_ORDER) == {}


def test_the_kind_is_one_of_the_kinds(database, at):
    with database.writing() as session:
        save_header(session, kind=UnitKind.SITE, header="点位", field="site", at=at, by="张")
    with pytest.raises(DBAPIError, match="ck_header_maps_kind"), database.writing() as session:
        session.execute(text("UPDATE header_maps SET kind = 'castle'"))
