"""Accounts by the command line: a first password is shown once, names and units that cannot be are refused."""

from pathlib import Path

from tests.support.commandline import doithoai, done

LAN = ("account", "create", "lan", "--person", "tchcqt-02", "--office", "VPUB", "--unit", "TCHCQT", "--capacity", "hub")


def test_an_account_is_made_given_posts_locked_and_opened_again(own_made: Path) -> None:
    made = done(*LAN, "--json", data=own_made).json
    assert made["name"] == "lan"
    done("account", "post", "lan", "--office", "VPUB", "--unit", "CD", "--capacity", "mass_organisation", data=own_made)
    done("account", "lock", "lan", data=own_made)
    [listed] = done("account", "list", "--json", data=own_made).json
    assert listed["posts"] == ["VPUB/CD: mass_organisation", "VPUB/TCHCQT: hub"]
    assert listed["locked_at"] is not None
    done("account", "take", "lan", "--office", "VPUB", "--unit", "CD", data=own_made)
    assert done("account", "list", "--json", data=own_made).json[0]["posts"] == ["VPUB/TCHCQT: hub"]
    assert "Not found" in doithoai("account", "take", "lan", "--office", "VPUB", "--unit", "CD", data=own_made).err
    assert made["password"] not in str(listed)
    again = done("account", "reset", "lan", "--json", data=own_made).json
    assert again["password"] != made["password"]
    assert done("account", "list", "--json", data=own_made).json[0]["locked_at"] is None
    assert done("account", "sessions", "--json", data=own_made).json == []
    assert done("account", "sign-out", "lan", "--json", data=own_made).json == {"name": "lan", "ended": 0}


def test_an_account_of_no_name_unit_or_person_is_refused(own_made: Path) -> None:
    done(*LAN, data=own_made)
    assert "name is taken" in doithoai(*LAN, data=own_made).err
    assert doithoai(*(word.replace("TCHCQT", "NONE") for word in LAN), data=own_made).code == 1
    assert doithoai(*(word.replace("tchcqt-02", "Nguyễn Thị Lan") for word in LAN), data=own_made).code == 2
    assert doithoai(*(word.replace("hub", "system") for word in LAN), data=own_made).code == 2
    assert "Not found" in doithoai("account", "reset", "nobody", data=own_made).err


def test_nobody_heads_another_office_from_a_unit_that_is_not_of_it(own_made: Path) -> None:
    done(*LAN, data=own_made)
    post = ("account", "post", "lan", "--office", "UBND-MSO", "--unit", "CVP", "--capacity", "chief")
    assert "head-of-another-office" in doithoai(*post, data=own_made).err
