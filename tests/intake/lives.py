"""Opinions of every kind of life: each ending before referral, and one that is answered, closed and reopened."""

from datetime import date, timedelta
from typing import Any, Final

from shared.calendar import answer_due
from shared.contracts.case import (
    AnswerDelivered,
    Authority,
    CaseAssigned,
    CaseClosed,
    CaseHandedBack,
    CaseReopened,
    CaseResolved,
    Means,
    Resolution,
)
from tests.intake.house import FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, House
from tests.intake.stage import CALENDAR, DUE
from tests.support.hosting import START
from tests.support.scenario import sealed

REOPENED_DUE: Final = answer_due(CALENDAR, date(2023, 2, 1))


def of_the_case(opinion: str) -> dict[str, Any]:
    """What happens to the opinion's case after it is opened, by name, in order."""
    episode = f"{opinion.removeprefix('opinion-')}/1"
    head = Authority.HEAD
    return {
        "assigned": CaseAssigned(episode=episode, lead="TH", authority=head, task="task-1", due=DUE),
        "handed back": CaseHandedBack(episode=episode, lead="TH", task="task-1", reason=sealed(1)),
        "assigned again": CaseAssigned(episode=episode, lead="TCHCQT", authority=head, task="task-2", due=DUE),
        "delivered": AnswerDelivered(episode=episode, draft=1, means=Means.LETTER),
        "resolved": CaseResolved(episode=episode, how=Resolution.WRITTEN, due=DUE),
        "closed": CaseClosed(episode=episode),
        "reopened": CaseReopened(
            episode=episode.replace("/1", "/2"),
            previous=episode,
            reason=sealed(2),
            field="giao-thong",
            lead="TCHCQT",
            task="task-3",
            due=REOPENED_DUE,
        ),
    }


async def whole_lives(house: House) -> list[str]:
    """Live them, followed after every few steps; the opinions of BTCD in the order in which they were handed in."""
    taken = [
        (
            await house.receive(local_id=f"BTCD-{n}", speaker_name="Lò Văn Bình", locality="MLA", at=START - timedelta(hours=n))
        ).stream
        for n in range(6)
    ]
    answered, rejected, merged, split, forwarded, _ = taken

    async def ask(command: str, opinion: str, **data: Any) -> Any:
        return (await house.ask(command, HUB, opinion=opinion, **data)).answer

    for opinion in (answered, merged):
        await ask("classify_opinion", opinion, kind="kien_nghi", field="giao-thong", flags=["phuc_tap", "buc_xuc"])
    await house.follow()
    await ask("request_completion", answered, asked="Bản nào?")
    await ask("request_completion", answered, asked="Xã nào?")
    await house.follow()
    await house.ask("complete_opinion", FEEDER, opinion=answered, words="Đường vào bản Co Mạ.")
    await house.refer(answered)
    await ask("reject_opinion", rejected, reason="NAC_DANH", note="Không rõ người gửi.")
    await ask("merge_opinion", merged, into=forwarded)
    first, second = (await ask("split_opinion", split, parts=[{"words": "Một."}, {"words": "Hai."}]))["children"]
    await house.follow()
    await ask("divert_opinion", first, kind="khieu_nai", to="BTCD")
    await ask("forward_opinion", forwarded, to="SGTVT")
    await house.ask("withdraw_opinion", FEEDER, opinion=second)
    await house.receive(OTHER_UNIT, hidden=True)
    await house.receive(OTHER_OFFICE, office="UBND-MSO")
    for fact in of_the_case(answered).values():
        await house.become(answered, fact)
        await house.follow()
    return taken
