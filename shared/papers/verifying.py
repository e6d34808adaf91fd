"""Whether a signature still stands over what was signed: checked with the public key that was recorded for its day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from shared.calendar import local_day
from shared.clock import AHEAD_LIMIT, Clock, instant
from shared.contracts.document import DocumentKind, DocumentSigned, SigningCapacity
from shared.contracts.refusals import Unknown
from shared.contracts.registry import name_of_event
from shared.contracts.roles import Role, Scope, action, grants
from shared.directory.queries import Directories
from shared.directory.values import SigningKey
from shared.documents.acts import RECIPIENTS
from shared.documents.refusals import NotSigned
from shared.documents.statement import Signed, stated
from shared.documents.states import NoDocument, Paper
from shared.eventlog.port import EventLog
from shared.eventlog.records import Record
from shared.papers import keys
from shared.papers.queries import PaperQueries
from shared.papers.streams import DOCUMENT
from shared.permit import Resource, Subject, permit

# The public halves of keys are for whoever checks a signature: everybody who works here.
SEE_SIGNING_KEYS: Final = action(
    "see_signing_keys", grants(Scope.TENANT, *RECIPIENTS, Role.AUDITOR, Role.ADMINISTRATOR, Role.OPERATOR)
)
SIGNED: Final = name_of_event(DocumentSigned)


class Verdict(StrEnum):
    """What a check of a signature finds."""

    VALID = "valid"
    TEXT_NOT_BOUND = "text-not-bound"
    OTHER_CONTENT = "other-content"
    ALTERED = "altered"
    UNKNOWN_KEY = "unknown-key"
    DATED_OTHERWISE = "dated-otherwise"
    KEY_NOT_IN_USE = "key-not-in-use"
    BEFORE_KEYS = "before-keys"
    SIGNATURE_MISSING = "signature-missing"


SAID: Final[Mapping[Verdict, tuple[str, str]]] = {
    Verdict.VALID: ("chữ ký hợp lệ", "the signature is valid"),
    Verdict.TEXT_NOT_BOUND: (
        "chữ ký đúng khóa nhưng không gắn với nội dung nào: bản thảo không có mã băm",
        "the key's signature fits, but it binds no text: the draft had no digest",
    ),
    Verdict.OTHER_CONTENT: ("nội dung đang giữ khác nội dung đã ký", "what is kept is not what was signed"),
    Verdict.ALTERED: (
        "chữ ký không khớp với nội dung, người ký, tư cách hoặc thời điểm ghi nhận",
        "the signature does not fit the content, signer, capacity or time that are recorded",
    ),
    Verdict.UNKNOWN_KEY: ("văn phòng chưa từng có khóa này", "the office never had this key"),
    Verdict.DATED_OTHERWISE: (
        "thời điểm ký khác thời điểm ghi vào nhật ký",
        "the time that was signed is not the one at which it was recorded",
    ),
    Verdict.KEY_NOT_IN_USE: (
        "khi ký hoặc khi ghi nhận, khóa này không được dùng",
        "the key was not in use when it was signed and recorded",
    ),
    Verdict.BEFORE_KEYS: ("ký trước khi có khóa", "signed before the office had a key"),
    Verdict.SIGNATURE_MISSING: (
        "thiếu chữ ký bằng khóa, dù khi ký văn phòng đã có khóa",
        "the key's signature is missing, though the office had a key by then",
    ),
}
# Nothing speaks against it; of a text, only the first says anything.
SOUND: Final = frozenset({Verdict.VALID, Verdict.TEXT_NOT_BOUND, Verdict.BEFORE_KEYS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy that was signed outside: its file, where the vault keeps its signer's name, when it says that it was signed.

    `compared`: it holds text, which was the paper's; `trust` says that its chain of certificates was not checked.
    """

    sha256: str
    bytes: int
    signer: str
    signed_at: datetime | None
    compared: bool
    trust: Said


UNTRUSTED: Final = Said(
    vi="chữ ký khớp với tệp; không kiểm tra được chuỗi tin cậy của chứng thư",
    en="its signature fits the file; the chain of trust of its certificate was not checked",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is recorded of a signature, and what its check finds; `content` is none where no text was fixed by a digest."""

    document: str
    verdict: Verdict
    said: Said
    signer: str
    capacity: SigningCapacity
    content: str | None
    post: str | None = None
    at: datetime | None = None
    key: str | None = None
    public: str | None = None
    signature: str | None = None
    copy: Copy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeKey:
    """A key of an office by its public half; `last` is the last day on which it signed, none while it does."""

    key: str
    public: str
    first: date
    last: date | None


def verdict(
    signed: Signed | None,
    held: Collection[SigningKey],
    recorded: datetime,
    contents: Collection[str] = (),
    *,
    stood: bool = False,
) -> Verdict:
    """What a check of `signed` finds, which was recorded at `recorded`, by the keys that its office ever `held`.

    `contents` are digests of what is kept of its text. None is signed where no key had a part in it: that speaks for itself
    only while the office had none. `stood`: the log's time stood still, because the clock had been ahead and was set right, so
    that it was signed no later than `recorded`, and how much earlier the log does not say.
    """
    if signed is None:
        had = any(key.made <= recorded for key in held)
        return Verdict.SIGNATURE_MISSING if had else Verdict.BEFORE_KEYS
    said = signed.statement
    key = next((each for each in held if (each.key, each.office) == (said.key, said.office)), None)
    if key is None:
        return Verdict.UNKNOWN_KEY
    if not keys.fits(key.public, said, signed.signature):
        return Verdict.ALTERED
    earlier = stood and recorded - said.at > AHEAD_LIMIT
    if abs(recorded - said.at) > AHEAD_LIMIT and not earlier:
        return Verdict.DATED_OTHERWISE  # else whoever has a key that leaked would sign in its time
    if not (key.signs(said.at) and key.signs(recorded)) or (earlier and key.retired == recorded):
        return Verdict.KEY_NOT_IN_USE  # retired while time stood, it may have been before or after
    if any(each != said.content for each in contents):
        return Verdict.OTHER_CONTENT
    return Verdict.VALID if said.content is not None else Verdict.TEXT_NOT_BOUND


class Verifying:
    """Checks signatures of one service's and tenant's papers, as its own log has them."""

    def __init__(self, log: EventLog, papers: PaperQueries, directories: Directories, tenant: str, clock: Clock) -> None:
        self._log, self._papers, self._directories = log, papers, directories
        self._tenant, self._clock = tenant, clock

    async def check(self, subject: Subject, document: str) -> Checked:
        """Check the signature on a paper that the asker may see.

        Raises:
            Unknown: there is none, or not his to see.
            NotSigned

        """
        await self._papers.document(subject, document)
        records = await self._log.read_stream(document)
        state = DOCUMENT.over(records)
        if isinstance(state, NoDocument):
            raise Unknown("document")
        signed = state.paper.signed
        if signed is None:
            raise NotSigned("document")
        office = state.paper.drafted.office
        by_key = stated(office, document, signed)
        held = await self._held(office)
        key = next((each for each in held if by_key is not None and each.key == by_key.statement.key), None)
        record = next(each for each in reversed(records) if each.type == SIGNED)
        found = verdict(by_key, held, instant(record.recorded), _kept(state.paper), stood=await self._stood(record))
        vi, en = SAID[found]
        return Checked(
            document=document,
            verdict=found,
            said=Said(vi=vi, en=en),
            signer=signed.signer,
            capacity=signed.capacity,
            content=signed.content,
            post=by_key.statement.post if by_key is not None else None,
            at=by_key.statement.at if by_key is not None else None,
            key=by_key.statement.key if by_key is not None else None,
            public=key.public if key is not None else None,
            signature=by_key.signature if by_key is not None else None,
            copy=_copy(state.paper),
        )

    async def keys(self, subject: Subject, office: str) -> tuple[OfficeKey, ...]:
        """Every key that an office ever had, oldest first.

        Raises:
            Unknown: the asker may not see them.

        """
        if not permit(subject, SEE_SIGNING_KEYS, Resource(tenant=self._tenant, office=office)).allowed:
            raise Unknown("office")
        found = await self._held(office)
        return tuple(OfficeKey(key=each.key, public=each.public, first=each.first, last=each.last) for each in found)

    async def _stood(self, record: Record) -> bool:
        """Whether the record has the time of the one before it in the log: no log goes back behind its last time."""
        before = (await self._log.read(record.position - 2, 1)).records if record.position > 1 else ()
        return any(each.recorded == record.recorded for each in before)

    async def _held(self, office: str) -> tuple[SigningKey, ...]:
        directory = await self._directories.at(local_day(self._clock.now()))
        return tuple(each for each in directory.signing_keys if each.office == office)


def _copy(paper: Paper) -> Copy | None:
    if paper.copy is None:
        return None
    file = paper.copy.copy
    return Copy(
        sha256=file.sha256,
        bytes=file.bytes,
        signer=paper.copy.signer.ref,
        signed_at=paper.copy.signed_at,
        compared=paper.copy.compared,
        trust=UNTRUSTED,
    )


def _kept(paper: Paper) -> tuple[str, ...]:
    """Digests of the text that is kept, where they and the draft's are of the same text: a report's the house takes itself."""
    composed = paper.drafted.kind is DocumentKind.REPORT
    return (paper.kept.content,) if composed and paper.kept is not None else ()
