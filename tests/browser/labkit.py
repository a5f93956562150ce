"""A real JupyterLab in a real browser, for tests and for looking at lessons.

`start_lab` runs JupyterLab on a free port of this computer, in a folder of its own;
`LabPage` opens a notebook in it, runs cells and waits for what they show. Every wait is
on a condition, never on the clock.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from browser.chromium import watch
from playwright.sync_api import BrowserContext, Locator, Page, expect
from started_lab import free_port

START_SECONDS = 90  # a cold start on a busy two-core machine
CELL_SECONDS = 60


@dataclass
class Lab:
    """A running JupyterLab: where it answers, and the folder it shows."""

    url: str
    token: str
    root: Path
    process: subprocess.Popen

    def stop(self) -> None:
        """End the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_lab(folder: Path, environment: dict[str, str] | None = None) -> Lab:
    """Start JupyterLab with settings and workspaces of its own below `folder`."""
    root = folder / "root"
    root.mkdir(parents=True)
    places = {
        f"JUPYTER_{name}_DIR": str(folder / name)
        for name in ("CONFIG", "DATA", "RUNTIME")
    } | {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    quiet = folder / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8"
    )
    # Every cell is in the page from the start, also in a long lesson.
    tracker = folder / "settings" / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True)
    (tracker / "tracker.jupyterlab-settings").write_text(
        json.dumps({"windowingMode": "none"}), encoding="utf-8"
    )
    port, token = free_port(), secrets.token_hex(16)
    log = folder / "lab.log"
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=os.environ | places | (environment or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    lab = Lab(f"http://127.0.0.1:{port}", token, root, process)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            status = f"{lab.url}/api/status?token={token}"
            urllib.request.urlopen(status, timeout=5).read()
            return lab
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                lab.stop()
                raise RuntimeError(
                    f"JupyterLab did not start:\n{log.read_text()[-3000:]}"
                ) from None
            time.sleep(0.1)  # the server has no other way to say that it is up


def write_notebook(path: Path, cells: Iterable[str]) -> Path:
    """Write a notebook with one code cell for each source."""
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": [
            code | {"id": f"cell-{number}", "source": source}
            for number, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@dataclass
class LabPage:
    """One notebook open in JupyterLab in the browser.

    Attributes:
        page: Playwright's page, for everything that is not here.
        external: addresses asked for outside this computer; must stay empty.
        errors: uncaught errors of the page.
    """

    lab: Lab
    page: Page
    external: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, notebook: str, app: str = "lab") -> None:
        """Show a notebook of the lab's folder and wait until its kernel answers.

        Args:
            notebook: its path below the folder.
            app: "lab" for JupyterLab, "notebook" for Notebook 7.
        """
        place = {"lab": "lab/tree", "notebook": "notebooks"}[app]
        address = f"{self.lab.url}/{place}/{notebook}?token={self.lab.token}&reset"
        self.page.goto(address, timeout=START_SECONDS * 1000)
        self.cells.first.wait_for(timeout=START_SECONDS * 1000)
        self.page.evaluate(
            """async () => {
                const app = window.jupyterapp;
                await app.restored;
                const widget = app.shell.currentWidget;
                await widget.context.ready;
                await widget.sessionContext.ready;
                await widget.sessionContext.session.kernel.info;
                // so that no stored output or number is taken for a fresh one
                await app.commands.execute("notebook:clear-all-cell-outputs");
            }"""
        )

    @property
    def cells(self) -> Locator:
        """All cells of the notebook, text cells included."""
        return self.page.locator(".jp-Notebook .jp-Cell")

    def cell(self, index: int) -> Locator:
        """The code cell number `index`, text cells not counted."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(index)

    def run(self, index: int, seconds: float = CELL_SECONDS) -> None:
        """Run the code cell number `index` and wait until it is done."""
        # The old number goes first: after a restart the new one may be the same.
        self.page.evaluate(
            """async index => {
                const content = jupyterapp.shell.currentWidget.content;
                const codes = content.widgets
                    .map((cell, place) => [cell.model.type, place])
                    .filter(([type]) => type === "code");
                content.activeCellIndex = codes[index][1];
                content.activeCell.model.executionCount = null;
                content.mode = "command";
                await jupyterapp.commands.execute("notebook:run-cell");
            }""",
            index,
        )
        prompt = self.cell(index).locator(".jp-InputPrompt")
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=seconds * 1000)

    def run_until(
        self, index: int, is_there: Callable[[str], bool], seconds: float = CELL_SECONDS
    ) -> str:
        """Run a code cell again and again until what it prints is as expected.

        What happens on the page reaches Python a moment later, and a cell may run
        before it: Jupyter has more than one way to the kernel.

        Raises:
            AssertionError: with the last output, if it never was.
        """
        deadline = time.monotonic() + seconds
        while True:
            self.run(index)
            printed = self.output(index).strip()
            if is_there(printed):
                return printed
            assert time.monotonic() < deadline, f"the cell still prints {printed!r}"

    def run_all(self, seconds: float = 300) -> None:
        """Run every code cell from top to bottom; stop at the first that fails.

        Raises:
            AssertionError: if a cell did not run to its end.
        """
        unfinished = self.page.evaluate(
            """async milliseconds => {
                const content = jupyterapp.shell.currentWidget.content;
                await Promise.race([
                    jupyterapp.commands.execute("notebook:run-all-cells"),
                    new Promise(resolve => setTimeout(resolve, milliseconds)),
                ]);
                return content.widgets
                    .map(cell => cell.model)
                    .filter(model => model.type === "code")
                    .filter(model => model.executionCount === null ||
                        model.outputs.toJSON().some(o => o.output_type === "error"))
                    .map(model => model.sharedModel.getSource());
            }""",
            seconds * 1000,
        )
        assert unfinished == []

    def restart_kernel(self) -> None:
        """Restart the kernel, as the Kernel menu does, without its question."""
        self.page.evaluate(
            """async () => {
                const { sessionContext } = jupyterapp.shell.currentWidget;
                await sessionContext.session.kernel.restart();
                await sessionContext.session.kernel.info;
            }"""
        )

    def output(self, index: int) -> str:
        """Return the text that the code cell number `index` printed."""
        texts = self.cell(index).locator(".jp-OutputArea-output pre").all_inner_texts()
        return "\n".join(texts)

    def set_theme(self, is_dark: bool) -> None:
        """Switch JupyterLab to its dark or light theme."""
        theme = "JupyterLab Dark" if is_dark else "JupyterLab Light"
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
            theme,
        )
        light = str(not is_dark).lower()
        body = self.page.locator(f'body[data-jp-theme-light="{light}"]')
        body.wait_for(state="attached")


def open_lab_page(
    lab: Lab, context: BrowserContext, notebook: str, app: str = "lab"
) -> LabPage:
    """Open a notebook of the lab's folder in a new page of the browser."""
    lab_page = LabPage(lab, context.new_page())
    watch(lab_page.page, lab_page.external, lab_page.errors)
    lab_page.open(notebook, app)
    return lab_page
