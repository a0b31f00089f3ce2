from survey.store.imports import ImportRecord, add_import, list_imports


def test_an_import_comes_back_with_its_report(database, example, at):
    given = {
        "wave_id": example.wave,
        "file_digest": "f" * 64,
        "columns_digest": "c" * 64,
        "design": "assumed-srs",
        "rows": 1033,
        "report": {"unknown": {"q1": ["九"]}},
        "at": at,
        "by": "admin",
    }
    with database.writing() as session:
        first = add_import(session, **given)
        second = add_import(session, **{**given, "design": None})
    with database.reading() as session:
        assert list_imports(session, example.wave) == (
            ImportRecord(id=first, **given),
            ImportRecord(id=second, **{**given, "design": None}),
        )
        assert list_imports(session, example.wave + 1) == ()
