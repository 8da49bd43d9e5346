"""The command line from outside: settings and their sources, help, mistyped names, records and events."""

import json
import re
import signal
import socket
import time

import pytest

from child import Child, wait_until
from command import DONE, NOT_REACHABLE, REFUSED, WRONG_USAGE, run, run_json
from daybook_server import ROOT, binary, clean_environment


def setting(name, *args, **options):
    shown = run_json("config", "show", *args, **options)
    return next(row for row in shown if row["name"] == name)


def client_env(server, key):
    return {"DAYBOOK_URL": server.url, "DAYBOOK_KEY": key}


# --- settings


def test_a_slip_in_the_environment_is_named():
    slip = run("config", "show", env={"DAYBOOK_THREDS": "4", "DAYBOOK_MAIL_FROM": "nobody"})
    assert slip.returncode == WRONG_USAGE
    assert "there is no variable DAYBOOK_THREDS; did you mean DAYBOOK_THREADS?" in slip.stderr
    assert "give an e-mail address such as daybook@example.com" in slip.stderr
    assert run("config", "show", env={"DAYBOOK_SERVICE_HOST": "10.0.0.1"}).returncode == DONE


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    refused = run("serve", "--data", tmp_path / "file" / "data")
    assert refused.returncode == REFUSED
    assert str(tmp_path / "file") in refused.stderr and "check the path" in refused.stderr


def test_help_is_a_command_too():
    assert run("help").stdout == run("--help").stdout
    assert run("help", "import", "cancel").stdout == run("import", "cancel", "--help").stdout
    unknown = run("help", "impot")
    assert (unknown.returncode, "did you mean import?" in unknown.stderr) == (WRONG_USAGE, True)


def test_a_flag_goes_before_the_environment_before_the_file_before_the_default(tmp_path):
    (tmp_path / "daybook.toml").write_text("threads = 3\n")
    data = ["--data", tmp_path]
    env = {"DAYBOOK_THREADS": "4"}
    assert setting("threads")["value"] == "2"
    assert setting("threads")["origin"] == "default"
    from_file = setting("threads", *data)
    assert (from_file["value"], from_file["origin"]) == ("3", "file")
    assert from_file["source"] == f"{tmp_path}/daybook.toml line 1"
    from_environment = setting("threads", *data, env=env)
    assert (from_environment["value"], from_environment["source"]) == ("4", "DAYBOOK_THREADS")
    from_flag = setting("threads", *data, "--threads", "5", env=env)
    assert (from_flag["value"], from_flag["source"]) == ("5", "--threads")


def test_the_server_keeps_to_its_settings(start_daybook, new_workspace, tmp_path):
    data = tmp_path / "d"
    data.mkdir()
    (data / "daybook.toml").write_text('body_limit_bytes = "2KiB"\n')
    client = new_workspace(start_daybook(data=data)).client
    long = {"first_name": "J", "custom": "x" * 3000}
    assert client.post("/v1/contacts", long).status == 413
    other = new_workspace(start_daybook("--body-limit-bytes", "4096", env={"DAYBOOK_BODY_LIMIT_BYTES": "1024"})).client
    assert other.post("/v1/contacts", long).status != 413
    assert other.post("/v1/contacts", {"first_name": "x" * 5000}).status == 413


def test_the_file_of_config_goes_before_the_one_in_the_data(tmp_path):
    (tmp_path / "daybook.toml").write_text("threads = 3\n")
    other = tmp_path / "other.toml"
    other.write_text(f'threads = 6\ndata = "{tmp_path}"\n')
    assert setting("threads", "--data", tmp_path, "--config", other)["value"] == "6"
    assert setting("threads", env={"DAYBOOK_CONFIG": str(other)})["value"] == "6"
    assert setting("data", "--config", other)["value"] == str(tmp_path)


@pytest.mark.parametrize("topic", ["mine.log", "mine.keys"])
def test_public_events_do_not_go_to_a_topic_of_the_log(topic, tmp_path):
    refused = run("serve", "--data", tmp_path, "--brokers", "127.0.0.1:1", "--topic-prefix", "mine.",
                  "--events-topic", topic)
    assert refused.returncode == WRONG_USAGE
    assert f'events_topic = "{topic}" is a topic of the log itself; name one of its own, such as mine.events' in refused.stderr


def test_an_unknown_key_is_refused_with_the_nearest_name(tmp_path):
    file = tmp_path / "daybook.toml"
    file.write_text('threads = 3\nsmtp-ulr = "smtp://mail.test"\n')
    for command in (["config", "validate"], ["serve"]):
        done = run(*command, "--data", tmp_path)
        assert done.returncode == WRONG_USAGE
        assert f'{file} line 2: there is no setting "smtp-ulr"; did you mean "smtp_url"?' in done.stderr
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize("args, env, message", [
    (["--threads", "0"], {}, 'threads = "0" (--threads) is not accepted: give a number from 1 to 256'),
    ([], {"DAYBOOK_THREADS": "two"}, 'threads = "two" (DAYBOOK_THREADS) is not accepted: give a number from 1 to 256'),
    (["--body-limit-bytes", "1PiB"], {}, "(--body-limit-bytes) is not accepted: give bytes from 1KiB to 64MiB"),
    (["--smtp-tls", "maybe"], {}, "(--smtp-tls) is not accepted: give required, try or off"),
    (["--listen", "7400"], {}, "(--listen) is not accepted: give HOST:PORT"),
    (["--listen", "localhost:99999"], {}, "(--listen) is not accepted: give HOST:PORT"),
    (["--public-url", "crm.test"], {}, "(--public-url) is not accepted: give an http:// or https:// URL"),
    (["--smtp-url", "http://mail.test"], {}, "smtp_url: "),
    (["--peer", "crm.test"], {}, "(--peer) is not accepted: give an http:// or https:// URL"),
    (["--peer", "http://crm.test"], {}, "peer is for a log on Kafka"),
])
def test_a_value_out_of_bounds_is_refused_with_its_source_and_the_remedy(args, env, message):
    done = run("config", "validate", *args, env=env)
    assert (done.returncode, message in done.stderr) == (WRONG_USAGE, True), done.stderr


def test_everything_wrong_in_a_file_is_named_at_once(tmp_path):
    file = tmp_path / "c.toml"
    file.write_text("thread = 1\nmax_connections = 0\n[http]\nport = 1\n")
    done = run("config", "validate", "--config", file)
    assert done.returncode == WRONG_USAGE
    assert [line.partition(": ")[0] for line in done.stderr.removeprefix("daybook: ").splitlines()] == [
        f"{file} line 1", f'max_connections = "0" ({file} line 2) is not accepted', f"{file} line 3"]
    file.write_text("threads = \n")
    assert f"{file} line 1 is no TOML" in run("config", "validate", "--config", file).stderr
    assert run("config", "validate", "--config", tmp_path / "none.toml").returncode == WRONG_USAGE


def test_secrets_are_hidden_and_may_stand_in_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("smtps://ann:hunter2@mail.test:465\n")
    for value in (secret.read_text().strip(), f"@{secret}"):
        done = run("config", "show", "--smtp-url", value)
        assert (done.returncode, "hunter2" in done.stdout + done.stderr) == (DONE, False)
        assert re.search(r"^smtp_url +\(hidden\) +flag", done.stdout, re.MULTILINE)
    wrong = run("config", "validate", "--smtp-url", f"@{secret}-not-there")
    assert (wrong.returncode, "smtp_url (--smtp-url) is not accepted" in wrong.stderr) == (WRONG_USAGE, True)


def test_the_written_file_holds_every_setting_and_is_good(tmp_path):
    file = tmp_path / "daybook.toml"
    assert run("config", "init", file).returncode == DONE
    names = [row["name"] for row in run_json("config", "show")]
    assert re.findall(r"^#(\w+) = ", file.read_text(), re.MULTILINE) == names
    # With each default made explicit it says the same.
    file.write_text(re.sub(r'^#(\w+ = (?!"").*)$', r"\1", file.read_text(), flags=re.MULTILINE))
    before = {row["name"]: row["value"] for row in run_json("config", "show")}
    after = run_json("config", "show", "--config", file)
    assert {row["name"]: row["value"] for row in after} == before
    assert {row["origin"] for row in after} == {"file", "default"}
    again = run("config", "init", file)
    assert (again.returncode, "is there already" in again.stderr) == (REFUSED, True)


def test_every_setting_is_a_flag_and_documented():
    reference = run("config", "reference").stdout
    document = (ROOT / "docs" / "configuration.md").read_text()
    assert document.endswith("\n" + reference), "docs/configuration.md ends with what `daybook config reference` prints"
    help_text = run("serve", "--help").stdout
    names = [row["name"] for row in run_json("config", "show")]
    assert len(names) >= 17
    for name in names:
        assert f"| `{name}` | `--{name.replace('_', '-')}` | `DAYBOOK_{name.upper()}` |" in document
        assert f"--{name.replace('_', '-')} " in help_text


def test_each_example_of_bytes_is_one_that_is_taken():
    examples = re.findall(r"`(--\S+)` .*; bytes from .*, such as (\w+)\.", run("config", "reference").stdout)
    assert len(examples) == 4
    for flag, example in examples:
        done = run("config", "show", flag, example)
        assert done.returncode == DONE, done.stderr


# --- help and wrong usage


def test_help_is_grouped_with_examples_first():
    done = run("--help")
    assert done.returncode == DONE
    order = ["Examples:", "daybook demo", "Usage: daybook", "Server:", "Data, over HTTP:", "Operations,", "Exit codes:"]
    places = [done.stdout.index(part) for part in order]
    assert places == sorted(places)
    assert "routes" not in done.stdout
    assert run("import", "contacts", "--help").stdout.index("Examples:") < 100


@pytest.mark.parametrize("args, message", [
    (["contcats", "list"], "there is no command contcats; did you mean contacts?\nSee `daybook --help`."),
    (["contacts", "lits"], "there is no command lits; did you mean list?\nSee `daybook contacts --help`."),
    (["serve", "--higwater", "x"], "there is no option --higwater; did you mean --high-water?"),
    (["contacts", "list", "--serach=x"], "there is no option --serach; did you mean --search?"),
    (["events", "tail", "extra"], '"extra" is one argument too many'),
    ([], "A subcommand is required"),
    (["serve"], "say where the data is"),
    (["contacts", "get"], "ID is required"),
    (["contacts", "list", "--output", "xml", "--key", "k"], "xml"),
    (["contacts", "list"], "say who asks"),
    (["contacts", "list", "--key", "k", "--url", "localhost"], "--url is http://HOST:PORT"),
    (["contacts", "list", "--key", "k", "--filter", "vip"], "--filter is NAME=VALUE"),
    (["import", "contacts", "none.csv", "--key", "k"], "none.csv is no file that can be read"),
    (["import", "contacts", "none.csv", "--key", "k", "--options", "[]"], "--options is a JSON object"),
    (["import", "people", "none.csv"], "there is no command people"),
])
def test_wrong_usage_is_64_and_says_what_was_meant(args, message):
    done = run(*args)
    assert (done.returncode, done.stdout) == (WRONG_USAGE, ""), done
    assert message in done.stderr


def test_a_server_that_is_not_there_is_69(tmp_path):
    with socket.socket() as taken:  # bound and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        file = tmp_path / "c.csv"
        file.write_text("email\na@b.test\n")
        for args in (["contacts", "list"], ["events", "tail", "--follow"], ["import", "contacts", file]):
            done = run(*args, "--url", url, "--key", "k")
            assert (done.returncode, f"{url} is not reachable" in done.stderr) == (NOT_REACHABLE, True)


# --- records and events


def test_contacts_and_deals(daybook, workspace):
    env = client_env(daybook, workspace.key)
    jane = run_json("contacts", "create", "first_name=Jane", "last_name=O=K", "email=j@x.test", 'tags:=["vip"]', env=env)
    assert jane["last_name"] == "O=K"
    assert workspace.client.get(f"/v1/contacts/{jane['id']}").json["tags"] == jane["tags"] != []
    assert run_json("contacts", "get", jane["id"], env=env) == jane
    assert run("contacts", "create", "first_name=Ben, the second", "last_name=Low", env=env).returncode == DONE

    as_csv = run("contacts", "list", "--output", "csv", "--sort", "name", env=env).stdout.splitlines()
    assert as_csv[0] == "id,first_name,last_name,email,company_name,status"
    assert ',"Ben, the second",' in as_csv[1]
    assert [row["id"] for row in run_json("contacts", "list", "--filter", "tag=vip", env=env)["data"]] == [jane["id"]]
    assert len(run_json("contacts", "list", "--search", "the second", env=env)["data"]) == 1
    first = run("contacts", "list", "--limit", "1", env=env)
    cursor = re.search(r"there are more: --cursor (\S+)", first.stderr).group(1)
    second = run("contacts", "list", "--limit", "1", "--cursor", cursor, "--quiet", env=env)
    assert (second.stderr, len(second.stdout.splitlines())) == ("", 2)
    assert "\x1b" not in first.stdout

    deal = run_json("deals", "create", "title=One", "value=10.00", "currency=EUR", "stage=lead", env=env)
    assert run_json("deals", "move", deal["id"], "won", env=env)["stage"] == "won"
    assert [row["id"] for row in run_json("deals", "list", env=env)["data"]] == [deal["id"]]


def test_a_refusal_shows_every_field_error(daybook, workspace):
    done = run("contacts", "create", "email=nobody", "firstname=J", env=client_env(daybook, workspace.key))
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert "422 validation_failed" in done.stderr
    assert re.search(r"^  /email: \S", done.stderr, re.MULTILINE)
    assert re.search(r"^  /firstname: .*first_name", done.stderr, re.MULTILINE)
    missing = run("contacts", "get", "nobody", env=client_env(daybook, workspace.key))
    assert (missing.returncode, "404 not_found" in missing.stderr) == (REFUSED, True)


def test_workspaces_with_the_operator_key_of_the_data(daybook):
    args = ["--url", daybook.url, "--data", daybook.data]
    made = run_json("workspaces", "create", "--name", "Acme", "--owner-email", "ann@acme.test", *args)
    assert made["api_key"].startswith("dbk_")
    # A key of the environment does not hide the one that was asked for.
    listed = run_json("workspaces", "list", *args, env={"DAYBOOK_KEY": made["api_key"]})
    assert [row["id"] for row in listed["data"]] == [made["id"]]
    refused = run("workspaces", "list", "--url", daybook.url, "--key", made["api_key"])
    assert refused.returncode == REFUSED


def test_the_server_of_the_data_is_found_wherever_it_listens(daybook):
    data = ["--data", daybook.data]
    elsewhere = {"DAYBOOK_URL": "http://127.0.0.1:1"}
    made = run_json("workspaces", "create", "--name", "Acme", "--owner-email", "ann@acme.test", *data, env=elsewhere)
    assert [row["id"] for row in run_json("workspaces", "list", *data)["data"]] == [made["id"]]
    by_variable = run_json("workspaces", "list", env={"DAYBOOK_DATA": str(daybook.data)})
    assert [row["id"] for row in by_variable["data"]] == [made["id"]]
    assert run("workspaces", "list", "--url", "http://127.0.0.1:1", *data).returncode == NOT_REACHABLE


def test_a_server_that_is_stopped_is_looked_for_where_its_settings_say(daybook):
    daybook.stop()
    for listen, said in (("127.0.0.1:1", "http://127.0.0.1:1"), ("127.0.0.1:0", "no server runs over")):
        (daybook.data / "daybook.toml").write_text(f'listen = "{listen}"\n')
        done = run("workspaces", "list", "--data", daybook.data)
        assert (done.returncode, said in done.stderr) == (NOT_REACHABLE, True), done.stderr


def test_events_are_tailed_and_followed_over_a_restart(daybook, workspace):
    workspace.client.post("/v1/contacts", {"first_name": "Jane", "last_name": "Roe"})
    env = client_env(daybook, workspace.key)
    lines = run("events", "tail", "--types", "contact.*", "--output", "json", env=env).stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["daybook.contact.created.v1"]
    position = int(json.loads(lines[0])["sequence"])
    table = run("events", "tail", "--after", position - 1, env=env).stdout.splitlines()
    assert (table[0].split(), len(table)) == (["sequence", "time", "type", "subject", "actor"], 2)

    port = daybook.url.rpartition(":")[2]
    follow = Child([binary(), "events", "tail", "--follow", "--after", position, "--output", "json"],
                   env={**clean_environment(), **env})
    try:
        workspace.client.post("/v1/contacts", {"first_name": "Joan", "last_name": "Roe"})
        follow.wait_for_line(re.compile("Joan"))
        daybook.stop()
        daybook.args += ["--listen", f"127.0.0.1:{port}"]
        daybook.start()
        workspace.client.post("/v1/contacts", {"first_name": "Jill", "last_name": "Roe"})
        follow.wait_for_line(re.compile("Jill"))
    finally:
        follow.end(signal.SIGKILL)


# --- the server's log and its end


def test_log_lines_are_json_where_nobody_looks(start_daybook):
    server = start_daybook()
    server.stop()
    lines = [json.loads(line) for line in server.child.lines]
    assert [line["message"].split()[0] for line in lines] == ["listening", "stopping;"]
    for line in lines:
        assert list(line) == ["time", "level", "message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
        assert line["level"] == "info"
    pretty = start_daybook("--log-format", "pretty")
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} info listening on http://\S+", pretty.child.lines[0])


def test_a_server_that_stops_is_not_ready_and_serves_on_for_as_long_as_it_is_told(start_daybook, new_workspace):
    server = start_daybook("--stop-after", "5")
    client = new_workspace(server).client
    told = time.monotonic()
    server.child.process.send_signal(signal.SIGTERM)
    server.child.wait_for_line(re.compile("stopping"))
    wait_until(lambda: client.get("/readyz").status == 503, "/readyz to say so")
    assert client.get("/readyz").json["status"] == "stopping"
    assert client.post("/v1/contacts", {"email": "late@x.test"}).status == 201
    assert server.child.process.wait(30) == 0
    assert time.monotonic() - told >= 5


def test_a_second_signal_ends_it_at_once(daybook, workspace):
    host, port = daybook.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:  # a request that does not end
        slow.sendall(f"POST /v1/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {workspace.key}\r\n"
                     "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode())
        assert workspace.client.get("/v1/contacts").status == 200  # the one before was taken
        daybook.child.process.send_signal(signal.SIGTERM)
        daybook.child.wait_for_line(re.compile("stopping"))
        assert daybook.child.end(signal.SIGTERM, timeout_s=5) == -signal.SIGTERM


def test_a_taken_port_is_named_with_the_remedy(daybook, tmp_path):
    address = daybook.url.removeprefix("http://")
    for command in (["demo"], ["serve"]):
        done = run(*command, "--data", tmp_path / command[0], "--listen", address)
        assert done.returncode == REFUSED
        assert re.search(r"can't listen on 127\.0\.0\.1 port \d+: Address already in use; .*--listen", done.stderr)
