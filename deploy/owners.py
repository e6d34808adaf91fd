"""The logs of services that run elsewhere, asked of these services themselves."""

import httpx2

from deploy.ground import Ground
from deploy.house import Readers
from shared.feeds.remote import RemoteLog


def owners(ground: Ground, client: httpx2.AsyncClient) -> Readers:
    """Other services' logs, read from the services that own them."""

    def reader(service: str) -> RemoteLog:
        return RemoteLog(client, ground.settings.url_of(service), f"{service}/{ground.tenant}", ground.service_token)

    return reader
