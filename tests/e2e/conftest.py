"""The product as a person meets it: ``manage.py serve`` on an empty home, and a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-Only-2025"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
START_SECONDS = 240  # an empty home gets its database, migrations and the demo while other tests run beside it
expect.set_options(timeout=15_000)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class Product:
    """A running ``serve``; it can be killed and started again on the same home."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    seconds: float = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {"POVERTYPLAN_HOME": str(self.home), "PORT": str(self.port), "POVERTYPLAN_MODE": "demo"}
        inherited = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        return inherited | own

    def start(self) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment)
        while time.monotonic() - began < START_SECONDS:
            assert self.process.poll() is None, "serve đã dừng khi khởi động"
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):  # noqa: S310 -- our own server
                    self.seconds = time.monotonic() - began
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"serve chưa trả lời sau {START_SECONDS} giây")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(timeout=60)

    def kill_web(self) -> None:
        """SIGKILL to every web process, then to ``serve`` before it can start them again."""
        assert self.process is not None
        serve = psutil.Process(self.process.pid)
        web = [child for child in serve.children(recursive=True) if "gunicorn" in " ".join(child.cmdline())]
        assert len(web) >= 2
        for process in [*web, serve]:
            process.kill()
        self.process.wait(timeout=10)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    home = Path(tempfile.mkdtemp(prefix="povertyplan-e2e-"))
    home.chmod(0o755)
    running = Product(home=home, port=free_port())
    try:
        running.start()
        yield running
    finally:
        if running.process and running.process.poll() is None:
            running.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser's driver keeps a loop in this thread to the end; rows are read and written beside it all the same."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        instance = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield instance
        instance.close()


@pytest.fixture
def page(browser: Browser, product: Product) -> Iterator[Page]:
    """A fresh person at a 1366-pixel laptop; nothing may be asked from outside our origin, no script may fail."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=product.address)
    tab = context.new_page()
    foreign: list[str] = []
    faults: list[str] = []
    tab.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((product.address, "data:", "blob:")) else None
        ),
    )
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield tab
    context.close()
    assert foreign == []
    assert faults == []


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_load_state()
