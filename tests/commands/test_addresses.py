"""What the URLs of PostgreSQL and Valkey say, and what is said of one that can't be used."""

import pytest

from addresses import Sentinels, Server, check_postgres, check_valkey, postgres, valkey

SAID = {
    "postgresql://db/seapool": ("db:5432/seapool", "any"),
    "postgresql://": ("127.0.0.1:5432/postgres", "any"),
    "postgresql://@/x?host=/run/pg": ("/run/pg:5432/x", "any"),
    "postgresql://a:1,b:2/x": ("a:1,b:2/x", "read-write"),
    "postgresql://a,b:2/x?target_session_attrs=primary": ("a:5432,b:2/x", "primary"),
    "postgresql:///x?host=a,b&port=1,2": ("a:1,b:2/x", "read-write"),
    "postgresql:///x?host=/a,/b&port=7": ("/a:7,/b:7/x", "read-write"),
    "postgresql://[::1]:7/x": ("::1:7/x", "any"),
    "postgresql:///x?host=::1,[::2]:7": ("::1:5432,::2:7/x", "read-write"),
}
REFUSED = {
    "postgresql://u:telling@a/x?connect_timeout=9": "has no parameter connect_timeout: there are",
    "postgresql://u:telling@a,b:70000/x": "must have ports between 1 and 65535",
    "postgresql:///x?host=a,b,c&port=1,2": "names 3 hosts and 2 ports",
    "postgresql://u:telling@a,b/x?target_session_attrs=any": "target_session_attrs must be one of",
    "postgresql://u:telling@a/x?sslmode=on": "sslmode must be one of disable, allow,",
    "postgresql://u:telling@a/x?sslrootcert=/no/ca": "sslrootcert names a file that can't be read:",
    "redis://u:telling@a:port/0": "must have ports between 1 and 65535",
    "redis://u:telling@a/?ssl_ca_certs=/ca": "has parameters of TLS, but is not rediss:// or",
    "rediss://u:telling@a/?ssl_ca_certs=/no/ca": "ssl_ca_certs names a file that can't be read:",
    "rediss://u:telling@a/?ssl_ca=/no/ca": "has no parameter ssl_ca: there are db, ",
    "sentinel://u:telling@a,b:1": "must name the service: sentinel://host:26379,",
    "sentinel://u:telling@a,b/x?db=first": "db must be a number",
}


@pytest.mark.parametrize("url", SAID)
def test_hosts_ports_and_the_right_one_of_them(url: str) -> None:
    found = postgres(url)
    assert (found.shown, found.target) == SAID[url]
    assert check_postgres(url) == url


def test_user_and_password_are_decoded_and_not_shown() -> None:
    found = postgres("postgresql://sea%20pool:p%40ss@a,b/x?sslmode=require&sslpassword=telling")
    assert (found.user, found.password) == ("sea pool", "p@ss")
    assert "p@ss" not in repr(found)
    assert "telling" not in repr(found)


@pytest.mark.parametrize("url", REFUSED)
def test_what_can_not_be_used_is_said_in_words(url: str) -> None:
    with pytest.raises(ValueError, match=REFUSED[url]) as refused:
        (check_postgres if url.startswith("postgresql") else check_valkey)(url)
    assert "telling" not in str(refused.value)


def test_sentinels_and_the_service_that_they_guard() -> None:
    url = "sentinels://sea:p%40ss@a,b:7/pool?db=3&sentinel_password=secret&ssl_check_hostname=false"
    found = valkey(check_valkey(url))
    assert isinstance(found, Sentinels)
    tls = {"ssl": True, "ssl_check_hostname": False}
    assert (found.hosts, found.service) == ((("a", 26379), ("b", 7)), "pool")
    assert found.of_master == {"db": 3, "username": "sea", "password": "p@ss"} | tls
    assert found.of_sentinels == {"username": None, "password": "secret"} | tls
    assert "p@ss" not in repr(found)
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("url", "is_checked"),
    {
        "redis://a/0": None,
        "unix:///run/valkey.sock?db=0": None,
        "rediss://a": True,
        "rediss://a?ssl_check_hostname=false": None,
        "rediss://a?ssl_cert_reqs=none": None,
    }.items(),
)
def test_the_name_of_an_encrypted_valkey_is_checked_unless_the_url_says_no(
    url: str, is_checked: bool | None
) -> None:
    found = valkey(check_valkey(url))
    assert isinstance(found, Server)
    assert (found.url, found.tls.get("ssl_check_hostname")) == (url, is_checked)
