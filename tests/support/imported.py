"""What a process has imported once it knows which verb is asked for; nothing has begun to work yet."""

import gc
from importlib import import_module

from shared.config import SERVICES

gc.disable()
import_module("deploy.cli")
for service in SERVICES:
    import_module(f"services.{service}.app")
gc.freeze()
gc.enable()
