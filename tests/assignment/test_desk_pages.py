"""The pages of whoever leads and follows: decided in place, one or many, each by itself; nothing of it for anybody else."""

from tests.assignment.browsing import Browsers, put_forward, text_of, with_a_unit
from tests.assignment.house import CHIEF, DEPUTY, HUB, LEADER, House


async def test_everything_shows(house: House, browsers: Browsers) -> None:
    await with_a_unit(house, "7Q2K9FXA3MBTW0000002")
    await put_forward(house)
    await house.refer("7Q2K9FXA3MBTW0000003", flags=())
    await house.refer("7Q2K9FXA3MBTW0000004", flags=())
    await house.ask("propose_assignment", HUB, case="case-7Q2K9FXA3MBTW0000004", lead="TH", coordinating=["TCHCQT"])
    await house.follow()
    chief, deputy, hub, leader = [await browsers.of(each) for each in (CHIEF, DEPUTY, HUB, LEADER)]
    for who, path in [
        (chief, "/awaiting-me"),
        (deputy, "/awaiting-me"),
        (chief, "/awaiting-me?kind=assign"),
        (chief, "/awaiting-me/all?kind=assign"),
        (chief, "/awaiting-me/all?kind=clear"),
        (chief, "/follow-up"),
        (hub, "/follow-up"),
        (hub, "/cases"),
        (hub, "/cases?q=lop+boi"),
        (hub, "/cases?as_of=09/01/2023"),
        (hub, "/assignments"),
        (hub, "/assignments?pile=proposed"),
        (leader, "/unit-work"),
        (hub, "/cases.csv"),
        (hub, "/follow-up.csv"),
        (hub, "/follow-up?as_of=09/01/2023"),
    ]:
        answer = await who.open(path)
        print("=====", path, answer.status_code)
        print(text_of(answer.text)[:900] if "csv" not in path else answer.text)
        assert answer.status_code == 200, path
