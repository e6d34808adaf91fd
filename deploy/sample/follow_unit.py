"""A department's own system: reads its unit's topic, and proves that it missed nothing.

`python follow_unit.py BOOTSTRAP USER PASSWORD TOPIC [POSITION]`, with `pip install aiokafka`. POSITION is the last one kept.
"""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer


async def main(bootstrap: str, user: str, password: str, topic: str, position: str = "0") -> None:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=topic, auto_offset_reset="earliest", enable_auto_commit=False,
        security_protocol="SASL_PLAINTEXT", sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=user, sasl_plain_password=password,
    )  # fmt: skip
    last = int(position)
    async with consumer:
        async for message in consumer:
            item = json.loads(message.value)
            if item["position"] <= last:
                continue  # it came twice
            if item["previous"] != last:
                sys.exit(f"missed: after {last} comes {item['position']}, which follows {item['previous']}")
            print(f"{item['position']} {item['type']} {item['task']} {item['due']}", flush=True)  # keep it, then:
            last = item["position"]
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
