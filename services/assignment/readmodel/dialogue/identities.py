"""Whether a drafted notice says who spoke: its conclusions held against the names that were given in the room."""

from collections.abc import Collection, Mapping

from services.assignment.domain.notice.commands import DRAFT_NOTICE, HEADS
from services.assignment.readmodel.dialogue.naming import Found, identities_in
from shared.contracts.roles import Scope, action, grants
from shared.contracts.session import ItemRaised
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.permit import Resource, Subject, permit
from shared.vault.port import Vault

# Whoever drafts it mends it, whoever signs it answers for it. What is found is in the text that they read already.
CHECK_IDENTITY = action("check_identity", DRAFT_NOTICE.grants, grants(Scope.OFFICE, *HEADS))


class Identities:
    """The questions of one tenant."""

    def __init__(self, *, tenant: str, log: EventLog, vault: Vault) -> None:
        self._tenant, self._log, self._vault = tenant, log, vault

    async def named_in(
        self, subject: Subject, office: str, thing: str, texts: Mapping[int, str], cases: Collection[str]
    ) -> tuple[Found, ...] | None:
        """What the texts of a thing's items say of whoever spoke of these cases; None where it is not the asker's to check.

        The names are opened in one access in his name and not given out: what is found stands in the texts.
        Names that were given to the office that takes opinions in are not known here; they are only guessed by their form.
        """
        if not permit(subject, CHECK_IDENTITY, Resource(tenant=self._tenant, office=office)).allowed:
            return None
        streams = [f"item-{case.removeprefix('case-')}" for case in sorted(cases)]
        stored = await self._log.read_streams(tuple(streams)) if streams else {}
        facts = (codec.read(record).event for records in stored.values() for record in records)
        refs = [fact.speaker_name.ref for fact in facts if isinstance(fact, ItemRaised) and fact.speaker_name is not None]
        opened = await self._vault.open_many(refs, reader=subject.person, purpose=f"check_identity {thing}") if refs else {}
        return identities_in(texts, [name for name in opened.values() if isinstance(name, str)])
