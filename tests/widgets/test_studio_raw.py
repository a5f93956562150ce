"""The studio's panel of networks that make raw sound, without a page."""

from __future__ import annotations

import json

import numpy as np
import pytest
from studio_hands import do, shows

from deepcomposer_edu.compose.raw_sound import rendering
from deepcomposer_edu.widgets.studio_panel import PANELS


class Tones:
    """Stands for a network that plays notes."""

    rate, lowest, highest, sha256 = 8_000, 36, 84, "tones"

    def play(self, notes, seed, on_samples):
        on_samples(1)
        sounds = [np.sin(np.arange(round(8_000 * note.seconds))) for note in notes]
        return [0.1 * sound.astype(np.float32) for sound in sounds]


@pytest.fixture
def tones(tmp_path, monkeypatch):
    """A WaveNet that is listed and plays tones."""
    about = {"config": {"instruments": ["organ", "space-lead"]}, "sha256": "ab"}
    (tmp_path / "wavenet-notes.json").write_text(json.dumps(about))
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))
    monkeypatch.setitem(rendering.PLAYERS, "wavenet", lambda _: Tones())
    rendering._cache.clear()
    yield
    rendering._cache.clear()


def test_without_weights_or_versions_no_network_is_offered(studio, monkeypatch, tones):
    assert shows(studio, "raw")["is_empty"]
    do(studio, "compose", "compose")
    assert not shows(studio, "raw")["is_empty"]
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", "/nowhere")
    do(studio, "compose", "try_again")
    assert shows(studio, "raw")["is_empty"]


def test_a_network_plays_the_version_and_its_files(studio, monkeypatch, tones):
    do(studio, "compose", "compose")
    sent = []
    panel = studio._panels["raw"]
    monkeypatch.setattr(panel, "send", lambda *said, **more: sent.append((said, more)))
    timbres = ["wavenet:space-lead", "", "", "wavenet:organ"]
    do(studio, "raw", "play_raw", timbres=timbres)
    assert "ready" in shows(studio, "raw")["status"]
    ((said, more),) = sent
    assert said == ({"kind": "sound"},)
    assert more["buffers"][0][:4] == b"RIFF"
    assert studio.composition.provenance["raw"]["timbres"] == timbres
    assert [row["timbre"] for row in shows(studio, "raw")["tracks"]] == timbres
    files = studio.save(["wav", "json"])
    assert files["wav"].stat().st_size > 100_000
    assert studio.composition.provenance["raw"]["timbres"] == timbres
    assert "space-lead" in files["json"].read_text()
    assert len(studio.versions) == 2


def test_an_instrument_chosen_in_the_player_replaces_the_network(studio, tones):
    do(studio, "compose", "compose")
    studio.session.use_timbres(["wavenet:organ"] * 4)
    studio._refresh()
    studio.player.set_track(0, instrument="violin")
    studio._take_instruments()
    record = studio.composition.provenance
    assert record["raw"]["timbres"] == ["", *["wavenet:organ"] * 3]
    assert record["instruments"] == [40, 19, 19, 19]


def test_cancelled_sound_changes_nothing(studio, tones):
    do(studio, "compose", "compose")
    before = studio.composition

    class Slow(Tones):
        def play(self, notes, seed, on_samples):
            studio.session.cancel()
            return super().play(notes, seed, on_samples)

    rendering.PLAYERS["wavenet"] = lambda _: Slow()
    do(studio, "raw", "play_raw", timbres=["wavenet:organ"] * 4)
    assert shows(studio, "raw")["status"] == "Cancelled; nothing was changed."
    assert studio.composition is before
    assert len(studio.versions) == 1


def test_no_panel_goes_away_while_two_versions_are_compared(studio, tones):
    for seed in (1, 2):
        studio.compose(seed=seed)
    studio.compare(1)
    assert [name for name in PANELS if shows(studio, name).get("is_empty")] == []
