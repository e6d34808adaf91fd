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


def test_an_account_s_second_step_is_reset_and_its_trail_is_asked_for(own_made: Path) -> None:
    done(*LAN, data=own_made)
    assert done("account", "reset-code", "lan", "--json", data=own_made).json == {"name": "lan", "was_on": False}
    assert "Not found" in doithoai("account", "reset-code", "nobody", data=own_made).err
    assert done("account", "trail", "lan", "--json", data=own_made).json == []
    assert "Not found" in doithoai("account", "trail", "nobody", data=own_made).err


def test_an_account_is_linked_where_a_provider_is_set(own_made: Path) -> None:
    done(*LAN, data=own_made)
    assert "DOITHOAI_OIDC_ISSUER" in doithoai("account", "link", "lan", "canbo-1", data=own_made).err
    issuer = {"DOITHOAI_OIDC_ISSUER": "https://sso.example.vn"}
    assert "go together" in doithoai("account", "link", "lan", "canbo-1", data=own_made, env=issuer).err
    env = {**issuer, "DOITHOAI_OIDC_CLIENT_ID": "doithoai", "DOITHOAI_OIDC_CLIENT_SECRET": "a secret of the client"}
    assert doithoai("account", "link", "lan", "canbo-1", data=own_made, env=env).code == 0
    assert "Linked with another" in doithoai("account", "link", "lan", "canbo-2", data=own_made, env=env).err
    unlinked = doithoai("account", "unlink", "lan", "--json", data=own_made, env=env)
    assert unlinked.json == {"name": "lan", "was_linked": True}
