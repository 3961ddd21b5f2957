import os
import pwd

from engine import client


def test_the_operator_is_named_by_their_login(monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody")
    assert client.operator() == "local-somebody"


def test_a_user_without_a_passwd_entry_is_named_by_number(monkeypatch):
    def missing(_):
        raise KeyError

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", missing)
    assert client.operator() == f"local-{os.getuid()}"
