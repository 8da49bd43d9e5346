"""Fixtures of the system tests: the real binary, a workspace in it, a real mail server.

DAYBOOK_BINARY names the binary; otherwise it is build/release/daybook. All data is below pytest's tmp_path.
"""

import subprocess

import pytest

pytest.register_assert_rewrite("generic_kind")

from contract import CheckedClient, Contract
from daybook_server import DaybookServer
from injection import Injection
from smtp_server import SmtpServer
from workspaces import create_workspace


@pytest.fixture
def start_daybook(tmp_path):
    """start_daybook(*args, data=…, env=…): a running DaybookServer; killed at the end unless it was stopped."""
    servers = []

    def start(*args, data=None, env=None):
        server = DaybookServer(data or tmp_path / f"daybook-{len(servers)}", args, env)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        if server.is_running():
            server.kill()


@pytest.fixture
def daybook(start_daybook, request):
    """A server with a data directory of its own, and with the arguments of the mark daybook_args."""
    mark = request.node.get_closest_marker("daybook_args")
    return start_daybook(*(mark.args if mark else ()))


@pytest.fixture
def operator_key(daybook):
    return daybook.operator_key()


@pytest.fixture
def new_workspace():
    """new_workspace(server, name=…, **fields): a workspace made with the server's operator key."""
    return create_workspace


@pytest.fixture
def workspace(daybook, new_workspace):
    return new_workspace(daybook)


@pytest.fixture(scope="module")
def contract():
    """api/openapi.yaml as a judge."""
    return Contract()


@pytest.fixture
def call(contract, workspace):
    """call(method, path, json): a request of the workspace's owner, judged by the contract."""
    return CheckedClient(contract, workspace.client)


@pytest.fixture
def operator(contract, daybook, operator_key):
    """The same with the operator key."""
    return CheckedClient(contract, daybook.client(operator_key))


@pytest.fixture
def start_smtp(tmp_path):
    """start_smtp(script=…): a running SmtpServer; ended at the end."""
    servers = []

    def start(**options):
        servers.append(SmtpServer(tmp_path / f"mails-{len(servers)}.jsonl", **options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def smtp(start_smtp):
    return start_smtp()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail.acme.test",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", cert, "-keyout", key], check=True, capture_output=True)
    return {"cert": cert, "key": key}


@pytest.fixture
def start_injection():
    """start_injection(server, *what, paths=…): a running Injection; ended at the end."""
    running = []

    def start(*args, **options):
        running.append(Injection(*args, **options))
        return running[-1]

    yield start
    for injection in running:
        injection.end()


def pytest_sessionfinish(session, exitstatus):
    """A test that was left out is a failure: the suite promises to have run all of it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and any(reporter.stats.get(outcome) for outcome in ("skipped", "xfailed", "xpassed")):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
