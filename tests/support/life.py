"""The whole life of an opinion over HTTP, from handing it in to looking it up."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from tests.support.http import Answer, Wire

WORDS: Final = "Đường vào bản bị sạt lở từ mùa mưa năm trước, xe cấp cứu không vào được, đề nghị tỉnh sớm bố trí kinh phí."
LONGEST_WAIT_SECONDS: Final = 60.0


class Unexpected(Exception):
    """The house answered otherwise than a life goes."""


@dataclass(slots=True)
class Desk:
    """One clerk with a connection to each service. `clerk` and `chief` are bearer tokens."""

    intake: Wire
    assignment: Wire
    clerk: str
    chief: str
    patient: bool = False  # asks again, under the same key, when a service is away or cuts the line

    async def close(self) -> None:
        """Hang up."""
        await self.intake.close()
        await self.assignment.close()

    async def live(self) -> str:
        """One opinion through its nine steps; the opinion's id."""
        received = await self._hand_in(f"b-{uuid4().hex}")
        opinion, receipt = received.json()["id"], received.json()["receipt"]
        classification = {"kind": "kien_nghi", "field": "che-do-chinh-sach"}
        await self._step(self.intake, f"/intake/api/opinions/{opinion}/classification", self.clerk, 1, classification)
        referred = await self._step(self.intake, f"/intake/api/opinions/{opinion}/referral", self.clerk, 2)
        case = referred.json()["case"]
        assigned = await self._once_open(case, referred.headers["position"], {"lead": "TCHCQT"})
        task = assigned.json()["task"]
        path = f"/assignment/api/cases/{case}"
        await self._step(self.assignment, f"/assignment/api/tasks/{task}/acceptance", self.clerk, 1)
        answer = {"answer": "Đã bố trí kinh phí.", "solution": "Sửa trong quý.", "legal_basis": "Kế hoạch năm."}
        await self._step(self.assignment, f"{path}/answers", self.clerk, 2, answer)
        await self._step(self.assignment, f"{path}/approval", self.chief, 3)
        delivered = await self._step(self.assignment, f"{path}/delivery", self.clerk, 4, {"means": "van_ban"})
        after = {"After-Position": f"{referred.headers['position']},{delivered.headers['position']}"}
        found = await self._ask(self.intake, "GET", f"/intake/api/receipts/{receipt}", after)
        if found.status != 200 or found.json()["case_stage"] != "da_giai_quyet":
            raise Unexpected(f"{found.status} {found.body[:300]!r}")
        return str(opinion)

    async def _hand_in(self, key: str) -> Answer:
        headers = {"Authorization": f"Bearer {self.clerk}", "Idempotency-Key": key}
        body = {"office": "VPUB", "channel": "truc_tuyen", "source_group": "noi_bo", "words": WORDS, "speaker_name": "Người gửi"}
        answer = await self._ask(self.intake, "POST", "/intake/api/opinions", headers, {**body, "local_id": key})
        return _good(answer, 201)

    async def _step(self, wire: Wire, path: str, token: str, version: int, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{version}"', "Idempotency-Key": uuid4().hex}
        return _good(await self._ask(wire, "POST", path, headers, {} if body is None else body), 200)

    async def _once_open(self, case: str, after: str, body: Any) -> Answer:
        """Assign the case as soon as the house has opened it: it waits a little itself for what `after` names."""
        headers = {"Authorization": f"Bearer {self.chief}", "If-Match": '"1"', "Idempotency-Key": uuid4().hex}
        headers["After-Position"] = after
        deadline = asyncio.get_running_loop().time() + LONGEST_WAIT_SECONDS
        while True:
            answer = await self._ask(self.assignment, "POST", f"/assignment/api/cases/{case}/assignment", headers, body)
            if answer.status not in (404, 503) or asyncio.get_running_loop().time() > deadline:
                return _good(answer, 200)
            await asyncio.sleep(0.01)

    async def _ask(self, wire: Wire, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Answer:
        deadline = asyncio.get_running_loop().time() + LONGEST_WAIT_SECONDS
        while True:
            try:
                answer = await wire.ask(method, path, headers, body)
            except (OSError, EOFError):
                await wire.drop()
                if not self.patient or asyncio.get_running_loop().time() > deadline:
                    raise
            else:
                if not self.patient or answer.status < 500 or asyncio.get_running_loop().time() > deadline:
                    return answer
            await asyncio.sleep(0.05)


def _good(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise Unexpected(f"{answer.status} {answer.body[:300]!r}")
    return answer
