"""What `make servers` prints is all that a distributed trial needs."""

from deploy.ground import on_settings
from deploy.servers.local import SECRETS, fresh_secrets
from shared.config import Installation, load

SERVERS = {
    "postgres": "postgresql+asyncpg://doithoai_app@127.0.0.1:1",
    "postgres_owner": "postgresql+asyncpg://doithoai_owner@127.0.0.1:1",
    "kafka": "127.0.0.1:1",
}


def test_the_settings_are_complete() -> None:
    secrets = {name.removeprefix("DOITHOAI_").lower(): value for name, value in fresh_secrets().items()}
    ground = on_settings(load(Installation, **SERVERS, **secrets))
    assert ground.distributed
    assert ground.keyring.current
    assert ground.service_token == secrets["service_token"]


def test_every_start_makes_secrets_of_its_own() -> None:
    made = [fresh_secrets() for _ in range(3)]
    assert len({each[name] for each in made for name in SECRETS}) == 9
