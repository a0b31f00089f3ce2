"""Whether a public draw is the one that was promised: secret, public value, their order in time, frame and design."""

import hashlib
from collections.abc import Iterator, Sequence

from analysis.sampling.lottery import lottery_seed
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.value_spelling import SpellingError, spell
from survey.files.draw_record import CommitmentRecord, DrawRecord
from survey.messages import N_, Message, Problem
from survey.sampling.promised_method import promised_for_sample
from survey.sampling.public_values import PublicValue, PublicValueName, in_beijing, spelling_words


def commitment_problems(record: DrawRecord) -> Iterator[Problem]:
    """What does not fit. While secret and seed are kept back, what depends on them is left out."""
    commitment = record.commitment
    if not record.public:
        if commitment is not None or record.values:
            yield _problem("draw.public", "false", Message(N_("true：这次抽样有承诺和公开数字")))
        return
    if commitment is None:
        yield _problem("commitment", "", Message(N_("公开抽签的承诺：记录里没有")))
        return
    yield from _other_problems(record, commitment)
    if commitment.frame_digest != record.frame_digest:
        expected = Message(N_("{digest}：承诺以后抽样框被换过"), {"digest": record.frame_digest})
        yield _problem("commitment.frame_digest", commitment.frame_digest, expected)
    if commitment.design != record.design:
        expected = Message(N_("{design}：承诺以后设计被改动"), {"design": record.design})
        yield _problem("commitment.design", commitment.design, expected)
    if commitment.method is not None and promised_for_sample(commitment.method) != record.method:
        expected = Message(N_("{method}：抽取用的方法；承诺的不是它，抽出的会是另一个样本"), {"method": record.method})
        yield _problem("commitment.method", commitment.method, expected)
    told = text_digest(record.earlier) if record.earlier else ""
    if not record.kept_back and commitment.earlier_digest != told:
        expected = Message(N_("{digest}：承诺以后换了此前各次抽样的位置"), {"digest": told or "-"})
        yield _problem("commitment.earlier", commitment.earlier_digest, expected)
    yield from _secret_problems(commitment)
    yield from _value_problems(record, commitment)


def _other_problems(record: DrawRecord, commitment: CommitmentRecord) -> Iterator[Problem]:
    """Whether it is the commitment of another draw, by the numbers that both have."""
    if commitment.id != record.commitment_id:
        expected = Message(
            N_("{id}：抽样记录里写的承诺；这里混进了另一次抽样的"),
            {"id": "-" if record.commitment_id is None else record.commitment_id},
        )
        yield _problem("commitment", str(commitment.id), expected)
    if commitment.wave is not None and commitment.wave != record.wave:
        expected = Message(N_("{wave}：抽样记录里写的轮次；这里混进了另一轮的承诺"), {"wave": record.wave})
        yield _problem("commitment.wave", str(commitment.wave), expected)


def text_digest(text: str) -> str:
    """SHA-256 in hex of a design or of earlier draws, as they are written."""
    return hashlib.sha256(text.encode()).hexdigest()


def _secret_problems(commitment: CommitmentRecord) -> Iterator[Problem]:
    if commitment.secret is None:
        return
    try:
        digest = hashlib.sha256(bytes.fromhex(commitment.secret)).hexdigest()
    except ValueError:
        yield _problem("commitment.secret", "", Message(N_("64 位十六进制数字")))
        return
    if digest != commitment.secret_digest:
        expected = Message(
            N_("{digest}：事先公布的 SHA-256；密数不是当时的那一个"), {"digest": commitment.secret_digest}
        )
        yield _problem("commitment.secret", digest, expected)


def _value_problems(record: DrawRecord, commitment: CommitmentRecord) -> Iterator[Problem]:
    if not record.values:
        yield _problem("draw.public_value", "", Message(N_("用到的公开数字：记录里没有")))
        return
    named = [value.name for value in commitment.public_values]
    used = [value.name for value in record.values]
    if used != named[: len(used)]:
        expected = Message(N_("{names}：按承诺里的次序，否决一次用下一个"), {"names": ", ".join(named)})
        yield _problem("draw.public_value_name", ", ".join(used), expected)
    yield from _spelling_problems(record.values, commitment.public_values)
    for value in record.values:
        yield from _order_problems(commitment, value)
    if record.drawn_at < (published := record.values[-1].published_at):
        expected = Message(N_("不早于公开数字公布的 {at}"), {"at": in_beijing(published)})
        yield _problem("draw.drawn_at", in_beijing(record.drawn_at), expected)
    if commitment.secret is None or record.seed is None:
        return
    try:
        seed = lottery_seed(bytes.fromhex(commitment.secret), record.values[-1].value).hex()
    except (SamplingError, ValueError) as error:
        yield _problem("draw.public_value", record.values[-1].value, Message("{error}", {"error": error}))
        return
    if seed != record.seed:
        message = N_("{seed}（由密数和公开数字“{value}”算出）：种子、密数或公开数字被改动")
        yield _problem("draw.seed", record.seed, Message(message, {"seed": seed, "value": record.values[-1].value}))


def _spelling_problems(values: Sequence[PublicValue], named: Sequence[PublicValueName]) -> Iterator[Problem]:
    """Every value stands in the one spelling that was promised."""
    rules = {one.name: one.spelling for one in named if one.spelling}
    for value in values:
        if (rule := rules.get(value.name)) is None:
            continue
        try:
            right = spell(value.value, rule)
        except SpellingError:
            yield _problem("public_value.value", value.value, spelling_words(rule))
            continue
        if right != value.value:
            expected = Message(N_("{value}：约定的写法"), {"value": right})
            yield _problem("public_value.value", value.value, expected)


def _order_problems(commitment: CommitmentRecord, value: PublicValue) -> Iterator[Problem]:
    """Committed, then published, and not before it was said to be."""
    committed, published = commitment.committed_at, value.published_at
    if published <= committed:
        expected = Message(N_("晚于承诺的时间 {at}：公开数字产生时还没有承诺"), {"at": in_beijing(committed)})
        yield _problem("public_value.published_at", in_beijing(published), expected)
    promised = next((one.not_before for one in commitment.public_values if one.name == value.name), None)
    if promised is not None and published < promised:
        expected = Message(N_("不早于承诺里写的 {at}"), {"at": in_beijing(promised)})
        yield _problem("public_value.published_at", in_beijing(published), expected)
    if promised is not None and promised <= committed:
        expected = Message(N_("晚于承诺的时间 {at}：约定的时候它可能已经公布"), {"at": in_beijing(committed)})
        yield _problem("commitment.not_before", in_beijing(promised), expected)


def _problem(name: str, got: str, expected: Message) -> Problem:
    return Problem(where=name, column="", got=got, expected=expected)
