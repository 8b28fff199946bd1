"""Who is let in: only requests with the right host, Origin and token, over HTTP and WebSocket."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from live import HOME, SKETCH, Client, watched
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect


@pytest.fixture(scope="module")
def studio_url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "ring.py").write_text(SKETCH)
    with watched("ring.py", folder=folder) as (url, _):
        yield url


def get(url, path=None, method="GET", **headers):
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request(method, parts.path if path is None else path, headers=names)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, dict(answer.getheaders()), body


def test_the_page_and_its_files_are_served_with_headers_that_keep_others_out(studio_url):
    token = urlsplit(studio_url).path
    for name in ("", "main.js", "style.css", "icon.svg"):
        status, headers, body = get(studio_url, token + name)
        assert status == 200
        assert body
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert not [name for name in headers if name.startswith("access-control")]


def test_requests_with_another_host_origin_or_token_are_refused(studio_url):
    own = urlsplit(studio_url)
    port = own.port
    for host in ("evil.example", f"evil.example:{port}", f"localhost:{port}", "127.0.0.1"):
        assert get(studio_url, Host=host)[0] == 400
    for origin in (
        "http://evil.example",
        "null",
        f"http://127.0.0.1:{port + 1}",
        f"https://{own.netloc}",
    ):
        assert get(studio_url, Origin=origin)[0] == 403
    for path in ("/", "/main.js", f"/{'x' * 32}/", "//" + own.path, own.path.lower(), "/%00/"):
        status, _, body = get(studio_url, path)
        assert status == 403
        assert own.path.strip("/").encode() not in body
    assert get(studio_url, Origin=f"http://{own.netloc}")[0] == 200


def test_no_url_becomes_a_path(studio_url):
    token = urlsplit(studio_url).path
    for path in ("../server.py", "%2e%2e/server.py", "..%2fserver.py", "/etc/passwd", "ring.py"):
        status, _, body = get(studio_url, token + path)
        assert status == 404
        assert b"import" not in body
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        status, headers, _ = get(studio_url, method=method)
        assert status == 405
        assert not [name for name in headers if name.startswith("access-control")]


def test_the_socket_is_held_to_the_same_host_origin_and_token(studio_url):
    parts = urlsplit(studio_url)
    url = f"ws://{parts.netloc}{parts.path}socket"
    own = f"http://{parts.netloc}"
    wrong = [
        (url, None),
        (url, "http://evil.example"),
        (url, "null"),
        (url, f"http://localhost:{parts.port}"),
        (f"ws://{parts.netloc}/socket", own),
        (f"ws://{parts.netloc}/{'x' * 32}/socket", own),
    ]
    for address, origin in wrong:
        with pytest.raises(InvalidStatus) as caught, connect(address, origin=origin):
            pass
        assert caught.value.response.status_code == 403
    with (
        pytest.raises(InvalidStatus),
        connect(url, origin=own, additional_headers={"Host": "evil"}),
    ):
        pass
    with Client(studio_url) as client:
        assert client.hello["of"] == "studio"


def test_a_message_over_the_cap_closes_the_socket_and_the_studio_lives_on(studio_url):
    with Client(studio_url) as client:
        client.send(json.dumps({"do": "open", "sketch": "x" * 70_000}))
        with pytest.raises(ConnectionClosed) as caught:
            client.hear()
        assert caught.value.rcvd.code == 1009
    with Client(studio_url) as client:
        client.send(b"\x00binary")
        with pytest.raises(ConnectionClosed):
            client.hear()
    assert get(studio_url)[0] == 200


def test_rubbish_on_the_port_is_no_harm(studio_url):
    parts = urlsplit(studio_url)
    for rubbish in (
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"A" * 100_000 + b"\r\n\r\n",
    ):
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as line:
            try:
                line.sendall(rubbish)
                line.shutdown(socket.SHUT_WR)
                assert b" 200 " not in line.recv(1000)
            except ConnectionError:
                pass
    assert get(studio_url)[0] == 200


def test_a_fifth_page_is_told_to_wait(studio_url):
    with ExitStack() as stack:
        hellos = [stack.enter_context(Client(studio_url)).hello for _ in range(5)]
    assert ["error" in hello for hello in hellos] == [False] * 4 + [True]


@pytest.mark.exhaustive
def test_each_run_has_a_token_of_its_own_and_it_is_in_no_log(studio_url, tmp_path):
    (tmp_path / "ring.py").write_text(SKETCH)
    with watched("ring.py", folder=tmp_path) as (url, _):
        token = urlsplit(url).path
        assert token != urlsplit(studio_url).path
        assert len(token.strip("/")) >= 32
        get(url)
        get(url, "/wrong/")
        with Client(url):
            pass
    _, rest = (tmp_path / "studio.log").read_text().split("\n", 1)
    assert token.strip("/") not in rest


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("192.168.0.7", "--insecure-host"),
        ("0.0.0.0", "name the one"),
        ("example.org", "is no address"),
        ("::", "name the one"),
    ],
)
def test_a_host_that_others_reach_is_refused(host, says, gradart, studio):
    studio("ring.py", SKETCH)
    status, _, err = gradart("watch", "ring.py", "--no-browser", "--host", host)
    assert status == 2
    [line] = err
    assert says in line


def test_what_cannot_be_watched_is_said(gradart, studio, studio_url):
    assert "no such file" in gradart("watch", "waves.py", "--no-browser")[2][0]
    studio("ring.py", SKETCH)
    taken = urlsplit(studio_url).port
    status, _, err = gradart("watch", "ring.py", "--no-browser", "--port", taken)
    assert status == 1
    assert f"port {taken}" in err[0]


def test_a_missing_library_is_named_with_what_installs_it(gradart, studio, monkeypatch):
    studio("ring.py", SKETCH)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    monkeypatch.delitem(sys.modules, "gradart.studio.server.app", raising=False)
    status, _, err = gradart("watch", "ring.py", "--no-browser")
    assert status == 2
    assert "starlette is missing; pip install 'gradart[studio]'" in err[0]


@pytest.mark.exhaustive
def test_ctrl_c_ends_the_studio_with_a_page_open_on_an_endless_loop(tmp_path):
    (tmp_path / "ring.py").write_text(
        SKETCH.replace("    t = np", "    while True: pass\n    t = np")
    )
    with watched("ring.py", folder=tmp_path) as (url, process), Client(url) as client:
        client.open()
        client.ask()
        with pytest.raises(TimeoutError):
            client.hear(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
    [_, last] = (tmp_path / "studio.log").read_text().splitlines()
    assert last == "gradart: stopped; what was finished is kept"


@pytest.mark.exhaustive
def test_the_browser_is_told_the_address_by_a_file_that_others_cannot_read(tmp_path):
    (tmp_path / "ring.py").write_text(SKETCH)
    browser = tmp_path / "browser.sh"
    browser.write_text('#!/bin/sh\necho "$1" > opened\n')
    browser.chmod(0o700)
    command = [sys.executable, "-m", "gradart", "watch", "ring.py", "--port", "0"]
    env = os.environ | {"BROWSER": f"{browser} %s", "PYTHONPATH": HOME}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE) as process:
        try:
            url = process.stdout.readline().split()[4].decode()
            for _ in range(200):
                if (tmp_path / "opened").is_file() and (tmp_path / "opened").read_text():
                    break
                time.sleep(0.05)
            told = (tmp_path / "opened").read_text().strip()
            assert urlsplit(url).path not in told
            page = Path(urlsplit(told).path)
            assert url in page.read_text()
            assert page.stat().st_mode & 0o77 == 0
        finally:
            process.terminate()
    assert not page.exists()
