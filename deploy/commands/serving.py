"""Verbs that stay: everything in one process, or one service in a process of its own."""

from typing import Annotated

import typer
import uvloop

from deploy.commands.options import Data, Tenant
from deploy.commands.output import err
from deploy.ground import ground_of
from deploy.sampling import Seats, name_of
from shared import logs
from shared.config import PARTS, PORTS, SERVICES, Installation, load

DEFAULT_PORT = 8000


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("serve")(serve)
    app.command("run")(run)


def serve(
    data: Data = None,
    tenant: Tenant = None,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port on this machine.")] = DEFAULT_PORT,
) -> None:
    """Serve everything in one process from a data directory, until Ctrl-C."""
    ground = ground_of(data, tenant, make=True)
    if ground.home is None:
        raise typer.BadParameter("DOITHOAI_POSTGRES is set: use `doithoai run SERVICE` for each service, or name a --data")
    logs.configure(ground.settings.log_level)
    with ground.home.held("serve", port=port, wait_seconds=1.0) as owner:
        err().print(
            f"{ground.where} ({ground.clock} clock, tenant {ground.tenant}) at http://{ground.settings.host}:{port}", markup=False
        )
        from deploy import embedded  # applications and their routes are for those who serve

        uvloop.run(embedded.serve(ground, port=port, token=owner.token, tell=_tell))


def _tell(password: str, seats: Seats) -> None:
    """Who signs in to a sample."""
    if not seats:
        err().print("Nothing happened in this sample yet: play a script into it, then serve it again for sign-ins.", markup=False)
        return
    err().print(f"Sign in with the password {password} (of this sample, until it is served again) as", markup=False)
    for role, (person, post) in seats.items():
        err().print(f"  {name_of(role):<26} {person}, {post.unit} of {post.office}", markup=False)


def run(
    service: Annotated[str, typer.Argument(help="intake, assignment or reporting.")],
    only: Annotated[str, typer.Option(help="Some of api,relay,consumers,jobs.")] = ",".join(PARTS),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of its API (default: 8001, 8002, 8003).")] = 0,
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Run one service on PostgreSQL and Kafka, until it is told to stop."""
    if service not in SERVICES:
        raise typer.BadParameter(f"is one of {', '.join(SERVICES)}", param_hint="SERVICE")
    parts = frozenset(part.strip() for part in only.split(",") if part.strip())
    if not parts or parts - frozenset(PARTS):
        raise typer.BadParameter(f"takes some of {','.join(PARTS)}", param_hint="--only")
    if data is not None:
        raise typer.BadParameter("a data directory has one process for everything: `doithoai serve`", param_hint="--data")
    if not load(Installation).distributed:
        raise typer.BadParameter("set DOITHOAI_POSTGRES (and DOITHOAI_KAFKA), or use `doithoai serve` for a data directory")
    ground = ground_of(None, tenant)
    logs.configure(ground.settings.log_level)
    from deploy import processes

    uvloop.run(processes.run(ground, service, parts=parts, port=port or PORTS[service]))
