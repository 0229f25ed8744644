"""What browsers keep, and how small it leaves."""

import gzip
import re

from flask.testing import FlaskClient

KEPT = "public, max-age=31536000, immutable"


def addresses(client: FlaskClient) -> list[str]:
    return re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get("/sign-in").text)


def test_files_are_named_with_their_version_and_kept_for_a_year(client: FlaskClient) -> None:
    assert addresses(client)
    for address in addresses(client):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, KEPT)
        assert "Set-Cookie" not in answer.headers


def test_a_file_without_its_version_is_asked_for_anew(client: FlaskClient) -> None:
    first = client.get("/static/css/base.css")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/css/base.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_an_earlier_version_still_finds_its_files(client: FlaskClient) -> None:
    answer = client.get("/static/v.000000000000/css/base.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_nothing_outside_the_folder_is_served(client: FlaskClient) -> None:
    for path in ("/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/static/v.1/..%2fwsgi.py"):
        assert client.get(path).status_code == 404


def test_a_page_leaves_compressed_for_who_can_read_it(client: FlaskClient) -> None:
    plain = client.get("/sign-in")
    small = client.get("/sign-in", headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert b"<main" in gzip.decompress(small.data)
    assert len(small.data) < len(plain.data) / 2


def test_the_length_of_a_compressed_page_varies_by_chance(client: FlaskClient) -> None:
    def length() -> int:
        return len(client.get("/static/css/base.css", headers={"Accept-Encoding": "gzip"}).data)

    assert len({length() for _ in range(20)}) > 1


def test_a_compressed_file_is_recognised_when_asked_for_anew(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip"}
    first = client.get("/static/css/base.css", headers=asked)
    again = client.get(
        "/static/css/base.css", headers=asked | {"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_short_answer_leaves_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
