"""Who may read files of things that have a paper or are spoken of in a dialogue."""

from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.documents.acts import RECIPIENTS, STAFF

# Of sessions, meetings, notices, plans, requests and proposals: the office's people, and the units that take part.
READ_FILE: Final = action(
    "read_file", grants(Scope.OFFICE, *STAFF), grants(Scope.UNIT, *RECIPIENTS), grants(Scope.TENANT, Role.CHAIRMAN)
)
