"""Who is answered, and what a browser is told to refuse."""

import pytest

ADDRESSES = ["/", "/absent", "/style.css", "/today.atom", "/?before=x"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_lets_a_browser_run_or_load_anything_else(room, address):
    answer = room.get(address)
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["default-src 'none'", "style-src 'self'"]
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "localhost, evil.example",
        "0.0.0.0:8765",
        "192.168.0.7",
        "[::2]",
        "",
    ],
)
def test_another_name_for_this_machine_is_refused(room, host):
    answer = room.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "open http://localhost" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8765", "[::1]:8765"])
def test_this_machine_is_answered(room, host):
    assert room.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_can_be_sent(room, method, address):
    answer = room.request(method, address)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_head_is_get_without_a_body(room):
    got, head = room.get("/"), room.head("/")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]


def test_a_long_query_is_refused(room):
    assert room.get(f"/search?words={'a' * 3000}").status_code == 414
