from survey.store.imports import add_import
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import add_responses
from survey.store.sample_modes import count_sample_modes
from survey.waves import Mode

EAST, WEST = "330106001001", "330106001002"


def by_mode(answers, modes):
    return [response._replace(mode=mode) for response, mode in zip(answers, modes, strict=True)]


def test_the_sample_of_a_draw_is_what_has_factors(database, example, make_responses):
    """At the door, online by invitation; beside them the open link. The stratum may be larger than the area."""
    modes = [Mode.CAPI] * 4 + [Mode.WEB_TOKEN] * 2 + [Mode.WEB_OPEN] * 3
    answers = [one._replace(area=WEST) for one in by_mode(make_responses(9), modes)]
    answers[5] = answers[5]._replace(area=EAST)
    factors = [
        Factors(uuid=one.uuid, stratum="*", psu=1, canvasser="", inclusion_n=1, inclusion_total=2, adults=1)
        for one in answers[:6]
    ]
    with database.writing() as session:
        add_responses(session, example.wave, None, answers)
        add_factors(session, factors)
    with database.reading() as session:
        found = count_sample_modes(session, example.wave, drawn=True)
        assert count_sample_modes(session, example.wave + 1, drawn=True) == {}
    assert found == {WEST: {Mode.CAPI: 4, Mode.WEB_TOKEN: 1}, EAST: {Mode.WEB_TOKEN: 1}}


def test_the_sample_of_files_is_all_but_the_open_link(database, example, make_responses, at):
    fresh = make_responses(12)
    from_file = by_mode(fresh[:6], [Mode.WEB_OPEN] * 2 + [Mode.PAPER] * 4)  # in a file an open link may be the sample
    on_site = by_mode(fresh[6:], [Mode.WEB_OPEN] * 4 + [Mode.CATI] * 2)
    with database.writing() as session:
        number = add_import(
            session,
            wave_id=example.wave,
            file_digest="f",
            columns_digest="c",
            design="assumed-srs",
            rows=6,
            report={},
            at=at,
            by="王",
        )
        add_responses(session, example.wave, number, from_file)
        add_responses(session, example.wave, None, on_site)
    with database.reading() as session:
        found = count_sample_modes(session, example.wave, drawn=False)
    totals = {mode: sum(counts.get(mode, 0) for counts in found.values()) for mode in Mode}
    assert {mode: number for mode, number in totals.items() if number} == {
        Mode.WEB_OPEN: 2,
        Mode.PAPER: 4,
        Mode.CATI: 2,
    }
    assert set(found) == {EAST, WEST}
