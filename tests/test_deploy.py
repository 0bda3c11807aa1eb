"""The files in ``deploy/``: no root, read-only disks, hashed packages; names, ports and limits agree."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]


def read(name: str) -> str:
    return (ROOT / "deploy" / name).read_text()


def test_the_container_copies_existing_files_and_installs_hashed_packages():
    text = read("Containerfile")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M) for name in line.split()]
    assert {"requirements.lock", "pyproject.toml", "setup.py", "app", "losses", "assets"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    installs = re.findall(r"pip install ([^&\n\\]+)", text)
    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)
    assert re.search(r"^setuptools==", (ROOT / "requirements.lock").read_text(), re.M), (
        "needed to build the wheel"
    )


def test_each_image_is_named_in_one_place():
    container, compose = read("Containerfile"), read("compose.yaml")
    [python] = re.findall(r"^ARG PYTHON=(\S+)$", container, re.M)
    assert re.findall(r"^FROM (\S+)", container, re.M) == ["${PYTHON}"] * 2
    assert f'PYTHON: "${{PYTHON:-{python}}}"' in compose
    assert [name for name in re.findall(r"^ +image: (\S+)$", compose, re.M) if not name.startswith("${")] == [
        "losslab"
    ]


def test_containers_run_without_root_on_a_read_only_disk():
    container, compose, cluster = read("Containerfile"), read("compose.yaml"), read("kubernetes.yaml")
    assert re.search(r"^USER (?!0\b|root\b)\d+", container, re.M)
    assert "HEALTHCHECK" in container
    assert compose.count("read_only: true") == compose.count("cap_drop: [ALL]") == 3
    for rule in ("runAsNonRoot: true", "readOnlyRootFilesystem: true", "allowPrivilegeEscalation: false"):
        assert rule in cluster


def test_no_folder_of_a_server_that_was_killed_stays_in_memory():
    """Nor does one that loads its configuration again make another."""
    code = 'import runpy; load = lambda: print(runpy.run_path("deploy/gunicorn.conf.py")["scratch"]); load()'
    command = [sys.executable, "-c", f"{code}; load(); input()"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("LOSSLAB_")}

    def start() -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout
        first, second = (Path(process.stdout.readline().strip()) for _ in range(2))
        assert first == second
        return process, first

    (killed, left), (running, used) = start(), start()
    with killed, running:
        assert left.is_dir()
        assert used.is_dir()
        killed.kill()
        killed.wait(10)
        after, own = start()
        with after:
            assert not left.exists()
            assert used.is_dir()
            assert own.is_dir()
            running.kill()
            after.kill()
    shutil.rmtree(used)
    shutil.rmtree(own)


def test_names_and_ports_agree():
    nginx, compose = read("nginx.conf"), read("compose.yaml")
    replicas = set(re.findall(r"server (\w+):8000", nginx))
    assert replicas == set(re.findall(r"^  (replica\d):", compose, re.M))
    assert "PORT') or '8000'" in read("gunicorn.conf.py").replace('"', "'")
    assert "EXPOSE 8000" in read("Containerfile")
    ports = {a or b for a, b in re.findall(r"containerPort: (\d+)|port: (\d+) ?\}", read("kubernetes.yaml"))}
    assert ports == {"8000", "8080", "6379"}
    assert "listen 8080;" in read("nginx.conf")
    assert {"/healthz", "/readyz", "/metrics"} <= set(re.findall(r"path: (/\w+)", read("kubernetes.yaml")))


def test_gunicorn_is_for_its_own_machine_unless_told_otherwise():
    assert "os.environ.get('HOST') or '127.0.0.1'" in read("gunicorn.conf.py")
    container = read("Containerfile")
    assert re.search(r"^ENV .*\bHOST=0\.0\.0\.0$", container, re.M)
    assert set(re.findall(r"-p (\S+)", container)) == {"127.0.0.1:8000:8000"}


def test_a_proxy_that_buffers_is_before_every_server():
    """Prometheus asks a server itself, as the proxy does not tell its metrics."""
    compose, cluster = read("compose.yaml"), read("kubernetes.yaml")
    assert re.findall(r"ports: \[(.+)\]", compose) == ['"8080:8080"']
    [port] = re.findall(r"kind: Service\nmetadata:\n  name: losslab\n.*?targetPort: (\d+)", cluster, re.S)[:1]
    assert port == "8080"
    assert re.findall(r"losslab\.(\w+): \"true\" } } }\]\n +ports: \[{ port: (\d+) }\]", cluster) == [
        ("access", "8080"),
        ("metrics", "8000"),
    ]
    [aliases] = re.findall(r"hostnames: \[(.+?)\]", cluster)
    assert set(aliases.split(", ")) == set(re.findall(r"server (\w+):8000", read("nginx.conf")))


def test_a_replica_that_is_made_anew_keeps_the_address_that_nginx_knows():
    addresses = re.findall(r"ipv4_address: (\S+) ", read("compose.yaml"))
    assert len(set(addresses)) == 2


def test_the_probe_of_the_image_knows_the_path_of_the_page_and_waits_for_its_turn(monkeypatch):
    from app.common import limits

    text = read("Containerfile")
    [command] = re.findall(r"^HEALTHCHECK .+CMD (\[.+?\])$", text.replace("\\\n", ""), re.M)
    code, asked = json.loads(command)[2], []
    monkeypatch.setattr(urllib.request, "urlopen", lambda address, timeout: asked.append((address, timeout)))
    exec(code, {})
    monkeypatch.setenv("DASH_URL_BASE_PATHNAME", "/lab/")
    exec(code, {})
    assert [address for address, _ in asked] == [
        "http://127.0.0.1:8000/readyz",
        "http://127.0.0.1:8000/lab/readyz",
    ]
    probe = re.search(r"path: /readyz.+?timeoutSeconds: (\d)", read("kubernetes.yaml"), re.S)
    assert min(asked[0][1], int(probe[1])) > limits.READINESS_SECONDS
    assert "--format docker" in text


def test_all_replicas_share_the_classes_of_one_redis_that_keeps_nothing_on_disk():
    compose, cluster = read("compose.yaml"), read("kubernetes.yaml")
    [host] = re.findall(r'LOSSLAB_CLASSES: "redis://(\w+):6379/0"', compose)
    assert re.search(rf"^  {host}:$", compose, re.M)
    [service] = re.findall(r'LOSSLAB_CLASSES, value: "redis://([\w-]+):6379/0"', cluster)
    assert re.search(rf"kind: Service\nmetadata:\n  name: {service}$", cluster, re.M)
    for text in (compose, cluster):
        assert '--save, "", --appendonly, "no"' in text
        assert "--maxmemory-policy, noeviction" in text
    assert "redis" not in re.search(r"readinessProbe:\n.+\n", cluster)[0]
    assert re.search(r"^redis==", (ROOT / "requirements.lock").read_text(), re.M), "it is in the image"


def test_the_proxy_and_the_application_have_the_same_limit_of_a_body():
    from app.common import limits

    kilobytes = int(re.search(r"client_max_body_size (\d+)k", read("nginx.conf"))[1])
    assert 1024 * kilobytes >= limits.MAX_PASTE_BYTES
    assert 0 < 1024 * kilobytes - limits.MAX_PASTE_BYTES < 2048


def test_the_proxy_takes_no_replica_out_and_asks_no_slow_request_twice():
    text = read("nginx.conf")
    replicas = re.findall(r"^    server replica\d:8000 (.+);$", text, re.M)
    assert len(replicas) == 2
    assert set(replicas) == {"max_fails=0"}
    seconds = {name: int(value) for name, value in re.findall(r"^ +proxy_(\w+) (\d+)s;$", text, re.M)}
    assert seconds["connect_timeout"] < seconds["next_upstream_timeout"] < seconds["read_timeout"]


def test_the_log_of_the_proxy_has_no_links():
    assert re.search(r"^error_log stderr crit;", read("nginx.conf"), re.M)
    assert "access_log off;" in read("nginx.conf")


def test_a_start_may_take_long_and_probes_wait_for_a_busy_replica():
    text = read("kubernetes.yaml")
    probes = dict(re.findall(r"^ +(\w+Probe):\n((?: {12}.+\n)+)", text, re.M))
    assert set(probes) == {"startupProbe", "livenessProbe", "readinessProbe"}
    assert all(re.search(r"timeoutSeconds: [3-9]", probe) for probe in probes.values())
    period, failures = (
        int(re.search(rf"{name}: (\d+)", probes["startupProbe"])[1])
        for name in ("periodSeconds", "failureThreshold")
    )
    assert period * failures >= 60
    assert "topologySpreadConstraints" in text
    assert "kind: NetworkPolicy" in text
