"""How facts fill whom it is to be told that his opinion ended without an answer: his own ending, or what it was merged into."""

from collections.abc import Mapping
from typing import Any, Final

from services.intake.readmodel.opinions.tables import opinions_case, opinions_survivor, opinions_telling
from shared.calendar import local_day
from shared.contracts.case import (
    CaseDiverted,
    CaseForwarded,
    CaseRejected,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseWithdrawn,
)
from shared.contracts.opinion import (
    OpinionDiverted,
    OpinionForwarded,
    OpinionRejected,
    OpinionWithdrawn,
    SubmitterAdded,
    SubmitterRemoved,
)
from shared.contracts.telling import Ending, TellingRecorded
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Rows

_ENDINGS: Final[Mapping[type, Ending]] = {
    OpinionRejected: Ending.REJECTED,
    OpinionForwarded: Ending.FORWARDED,
    OpinionDiverted: Ending.DIVERTED,
    OpinionWithdrawn: Ending.WITHDRAWN,
    CaseRejected: Ending.REJECTED,
    CaseForwarded: Ending.FORWARDED,
    CaseDiverted: Ending.DIVERTED,
    CaseWithdrawn: Ending.WITHDRAWN,
}
# What its own submitter is told; of a diversion he hears from the body whose procedure it is, a withdrawal was his.
_TOLD: Final = (Ending.REJECTED, Ending.FORWARDED)
_CASE: Final = "case-"


async def project_telling(recorded: Recorded, rows: Rows) -> None:
    """What a submitter is to be told, and that he was.

    What waits with a matter follows from that matter's own stream, so that it does not depend on which log is read first.
    """
    event = recorded.event
    if isinstance(event, TellingRecorded):
        _told(recorded, event, rows)
    elif isinstance(event, SubmitterAdded | CaseSubmitterAdded):
        await _joined(recorded, event.merged, rows)
    elif isinstance(event, SubmitterRemoved | CaseSubmitterRemoved):
        await _parted(recorded, event.merged, rows)
    elif type(event) in _ENDINGS:
        await _ended(recorded, _ENDINGS[type(event)], rows)


def _told(recorded: Recorded, event: TellingRecorded, rows: Rows) -> None:
    # Another log may tell later how a referred one ended: the fact says it too.
    ended = {"ending": event.ending.value, "ended_on": event.ended_on.isoformat(), "into": event.into}
    told = {"told_on": local_day(recorded.occurred_at).isoformat(), "means": event.means.value}
    about = {"matter": event.part or event.opinion, "opinion": event.opinion}
    rows.put(opinions_telling, {"tenant": recorded.record.tenant, **about, **ended, **told})


async def _ended(recorded: Recorded, how: Ending, rows: Rows) -> None:
    ended = {"ending": how.value, "ended_on": local_day(recorded.occurred_at).isoformat()}
    if how in _TOLD:
        await _to_tell(recorded, recorded.stream, ended, rows)
    waiting = await _waiting(recorded, rows)
    rows.put(opinions_survivor, {**_survivor(recorded), "merged": " ".join(waiting), **ended})
    for merged in waiting:
        await _to_tell(recorded, merged, ended, rows)


async def _joined(recorded: Recorded, merged: str, rows: Rows) -> None:
    ended = await _ending(recorded, rows)
    waiting = [each for each in await _waiting(recorded, rows) if each != merged]
    rows.put(opinions_survivor, {**_survivor(recorded), "merged": " ".join((*waiting, merged)), **ended})
    if ended["ended_on"] is not None:
        await _to_tell(recorded, merged, ended, rows)


async def _parted(recorded: Recorded, merged: str, rows: Rows) -> None:
    """Its merge is void: it goes on, and what he was not told yet there is nothing to tell of."""
    ended = await _ending(recorded, rows)
    waiting = [each for each in await _waiting(recorded, rows) if each != merged]
    rows.put(opinions_survivor, {**_survivor(recorded), "merged": " ".join(waiting), **ended})
    about = await _about(recorded.record.tenant, merged, rows)
    if ended["ended_on"] is None or about is None:
        return
    key = {"tenant": recorded.record.tenant, "matter": about["matter"], "ended_on": ended["ended_on"]}
    row = await rows.get(opinions_telling, key)
    if row is not None and row["told_on"] is None and row["into"] == recorded.stream:
        rows.delete(opinions_telling, key)


def _survivor(recorded: Recorded) -> dict[str, str]:
    return {"tenant": recorded.record.tenant, "survivor": recorded.stream}


async def _waiting(recorded: Recorded, rows: Rows) -> list[str]:
    """What was merged into the matter and waits for its answer."""
    row = await rows.get(opinions_survivor, _survivor(recorded))
    merged: str = row["merged"] if row is not None else ""
    return merged.split()


async def _ending(recorded: Recorded, rows: Rows) -> dict[str, str | None]:
    """How the matter ended without an answer, as columns; none while it has not."""
    row = await rows.get(opinions_survivor, _survivor(recorded))
    return {name: row[name] if row is not None else None for name in ("ending", "ended_on")}


async def _to_tell(recorded: Recorded, stream: str, ended: Mapping[str, Any], rows: Rows) -> None:
    """Whoever handed in `stream`, an opinion or a case, is to be told, unless another log told first that he was."""
    about = await _about(recorded.record.tenant, stream, rows)
    if about is None:
        return
    key = {"tenant": recorded.record.tenant, "matter": about["matter"], "ended_on": ended["ended_on"]}
    if await rows.get(opinions_telling, key) is None:
        into = recorded.stream if stream != recorded.stream else None
        rows.put(opinions_telling, {**key, **about, "ending": ended["ending"], "into": into, "told_on": None, "means": None})


async def _about(tenant: str, stream: str, rows: Rows) -> dict[str, str] | None:
    """The opinion of a stream, and the matter that is told of: the opinion, or the case of a part. None: set aside."""
    if not stream.startswith(_CASE):
        return {"opinion": stream, "matter": stream}
    case = await rows.get(opinions_case, {"tenant": tenant, "case_id": stream})
    if case is None:
        return None  # its opening was set aside
    return {"opinion": case["opinion"], "matter": stream if case["parent"] else case["opinion"]}
