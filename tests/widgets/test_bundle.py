"""The committed bundle fits its sources and needs no network; its helpers are right."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from needs import require

ROOT = Path(__file__).parents[2]
WIDGETS = ROOT / "widgets"
STATIC = WIDGETS / "static"
JS_TESTS = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))
REBUILD = "the bundle is old: run `npm ci && npm run build` in widgets/"
NAMES = {"http://www.w3.org/2000/svg"}  # of a kind of element; nobody fetches it
BUNDLES = sorted(path.stem for path in STATIC.glob("*.js"))
BUILT = sorted(path.name for path in STATIC.glob("*.*") if path.suffix != ".sha256")


def source_hash(bundle):
    """Hash what a bundle is made of, as build.mjs does."""
    folders = [bundle] if bundle == "synth" else [bundle, "shared"]
    names = [
        f"{folder}/{name}"
        for folder in folders
        for name in sorted(path.name for path in (WIDGETS / folder).iterdir())
    ]
    total = hashlib.sha256()
    for name in [*names, "build.mjs", "package.json", "package-lock.json"]:
        total.update(f"{name}\n".encode())
        total.update((WIDGETS / name).read_bytes())
    return total.hexdigest()


def test_every_widget_has_its_bundle():
    with_sources = {path.parent.name for path in WIDGETS.glob("*/*.js")}
    assert set(BUNDLES) == with_sources - {"shared", "static"}


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_bundle_was_built_from_these_sources(bundle):
    stored = (STATIC / f"{bundle}.sha256").read_text(encoding="utf-8").strip()
    assert stored == source_hash(bundle), REBUILD


def test_building_again_gives_the_same_bundle(tmp_path):
    # npm is a developer's tool: learners and CI have the bundle, and its hash above.
    node = shutil.which("node")
    if not node or not (WIDGETS / "node_modules" / "esbuild").is_dir():
        pytest.skip("node_modules is not installed (npm ci in widgets/)")
    subprocess.run([node, "build.mjs", str(tmp_path)], cwd=WIDGETS, check=True)
    for name in BUILT:
        assert (tmp_path / name).read_bytes() == (STATIC / name).read_bytes(), REBUILD


@pytest.mark.parametrize("name", BUILT)
def test_the_bundle_names_no_address_outside(name):
    text = (STATIC / name).read_text(encoding="utf-8")
    addresses = re.findall(r"""https?://[^\s"'`)]+|@import|url\([^)]*""", text)
    assert set(addresses) <= NAMES


def test_no_widget_paints_with_a_canvas_that_a_busy_browser_lacks():
    scripts = [path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")]
    assert [text for text in scripts if "OffscreenCanvas" in text] == []


def test_every_bundled_package_is_named_with_its_licence():
    lock = (WIDGETS / "package-lock.json").read_text(encoding="utf-8")
    packages = set(re.findall(r'"node_modules/([^"/@]+)"', lock))
    text = (WIDGETS / "THIRD_PARTY.md").read_text(encoding="utf-8")
    assert packages >= {"spessasynth_lib", "spessasynth_core", "esbuild"}
    assert [name for name in packages if name not in text] == []


def test_the_helpers_pass_their_own_tests_in_node():
    node = shutil.which("node")
    require(node, "Node is not installed (apt: nodejs)")
    result = subprocess.run(
        [node, "--test", *map(str, JS_TESTS)], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    assert "# pass 0" not in result.stdout


def test_there_are_tests_for_the_helpers():
    assert len(JS_TESTS) >= 4
