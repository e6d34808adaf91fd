"""Stream `opinion-<id>`: what the office's own register says of an opinion. Each of these facts has the register as its source.

A register says when things happened and for which unit, not who drafted, cleared or decided: nobody is named here for that.
Each fact is dated by the day that the row states; a day alone stands for its beginning in Vietnam.
"""

from datetime import date, datetime
from enum import StrEnum

from shared.contracts.opinion import SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import (
    EpisodeId,
    FieldKey,
    Keyed,
    LocalId,
    LocalityKey,
    Note,
    PersonalText,
    PersonId,
    StreamId,
    Text,
    UnitKey,
)


class RegisterOutcome(StrEnum):
    """What a row says has become of its opinion."""

    OPEN = "dang_giai_quyet"
    RESOLVED = "da_giai_quyet"
    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"
    DIVERTED = "chuyen_kntc"
    WITHDRAWN = "rut"
    MERGED = "gop"


@event("opinion.registered")
class OpinionRegistered:
    """A row of the register tells of an opinion. Opens its first handling episode; no receipt code was given for it."""

    episode: EpisodeId
    office: UnitKey
    unit: UnitKey  # in whose name the register was imported
    number: LocalId  # with its year, such as 15/2023
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime
    words: Text
    words_key: Keyed  # of what was written: that a row reads otherwise is seen without its words; so of the other keys
    speaker: PersonId | None
    speaker_name: PersonalText | None
    speaker_contact: PersonalText | None
    speaker_key: Keyed
    note: Note | None  # its column of reasons
    note_key: Keyed


@event("opinion.register_sorted")
class OpinionRegisterSorted:
    """The field, the lead unit and the last day that the register has for the first episode; replaces all of them."""

    episode: EpisodeId
    field: FieldKey | None
    lead: UnitKey | None
    due: date | None


@event("opinion.register_ended")
class OpinionRegisterEnded:
    """The register says that an episode ended; counted in the column of `how`, settled in time up to `due`."""

    episode: EpisodeId
    how: RegisterOutcome
    on: date
    due: date | None
    into: StreamId | None  # of a merge


@event("opinion.register_reopened")
class OpinionRegisterReopened:
    """The register says that a settled matter was taken up again: a new episode (column B2)."""

    episode: EpisodeId
    previous: EpisodeId
    on: date
    due: date | None


@event("opinion.register_due_set")
class OpinionRegisterDueSet:
    """The register has another last day for an episode that was taken up again and is open."""

    episode: EpisodeId
    due: date | None


@event("opinion.register_corrected")
class OpinionRegisterCorrected:
    """The row reads otherwise in what it says of the receipt; texts are left out where they read as before."""

    episode: EpisodeId
    source_group: SourceGroup
    locality: LocalityKey | None
    words: Text | None
    words_key: Keyed
    speaker: PersonId | None
    speaker_name: PersonalText | None
    speaker_contact: PersonalText | None
    speaker_key: Keyed
    note: Note | None
    note_key: Keyed
