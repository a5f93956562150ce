"""Timbres that a raw-audio network plays: their names, and who plays which track.

A timbre is written like an instrument: "wavenet:organ" is the organ of the WaveNet
that plays notes, "nsynth:organ+clarinet" a mixture of two codes of NSynth in equal
parts, "nsynth:organ*3+clarinet" one with three parts of organ, and
"wavenet:runs/voice#flute" an instrument of a WaveNet of your own (`own_timbres.py`).
Nothing here loads torch before a network of your own is asked for its hash.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from deepcomposer_edu.compose.model_places import find_model, find_run, read_json
from deepcomposer_edu.compose.parameters import checked_seed, did_you_mean
from deepcomposer_edu.compose.raw_sound.own_timbres import (
    SIGN,
    own_instrument,
    own_player,
    own_timbre_names,
)
from deepcomposer_edu.corpora.sound_player import voice_of
from deepcomposer_edu.corpora.sounds import DEFAULT
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.paths import data_dir

WEIGHTS = {"wavenet": "wavenet-notes", "nsynth": "nsynth"}
NETWORK_TITLES = {"wavenet": "WaveNet", "nsynth": "NSynth"}
MAX_SHARE = 100.0
OWN_PROGRAM = 0  # a piano stands for what has no name in General MIDI
T = TypeVar("T")


@dataclass(frozen=True)
class Timbre:
    """A sound that a network makes.

    Args:
        network: of WEIGHTS.
        shares: (instrument, parts) of the mixture; one pair for a WaveNet.
        own: the name of the run or kept network, "voice@200"; "": the shipped one.
    """

    network: str
    shares: tuple[tuple[str, float], ...]
    own: str = ""

    def __str__(self) -> str:
        parts = (
            name if share == 1 else f"{name}*{share:g}" for name, share in self.shares
        )
        whose = self.own and self.own + SIGN
        return f"{self.network}:{whose}{'+'.join(parts)}"

    @property
    def title(self) -> str:
        """What it is called in a menu: "WaveNet: organ"."""
        return f"{NETWORK_TITLES[self.network]}: {str(self).partition(':')[2]}"

    @property
    def program(self) -> int:
        """The General MIDI instrument that stands for it in a MIDI file."""
        most = max(self.shares, key=lambda pair: pair[1])
        try:
            return voice_of(most[0])[0]
        except InputError:  # the name of somebody's own sounds
            return OWN_PROGRAM


def is_timbre(name: object) -> bool:
    """Return whether a name is written as a network's timbre."""
    return isinstance(name, str) and name.partition(":")[0].strip().lower() in WEIGHTS


def read_timbre(text: str) -> Timbre:
    """Return the timbre of a name.

    Raises:
        InputError: if there is no such network or instrument, or it can't be mixed.

    >>> str(read_timbre("NSynth: organ*2 + clarinet"))
    'nsynth:organ*2+clarinet'
    """
    network, _, rest = str(text).partition(":")
    network = network.strip().lower()
    if network not in WEIGHTS:
        raise InputError(
            f"There is no network {network[:30]!r} that plays notes; choose from: "
            f"{', '.join(timbre_names())}."
        )
    if _is_own(network, rest):
        place, _, name = rest.rpartition(SIGN) if SIGN in rest else (rest, "", "")
        model = own_player(network, place.strip())
        return Timbre(network, ((own_instrument(model, name), 1.0),), model.name)
    known, shares = instruments_of(network), {}
    for part in rest.split("+"):
        name, _, parts = part.partition("*")
        name = name.strip().lower().replace(" ", "-")
        if name not in known:
            raise InputError(
                f"The network {network} has not learned {name[:30]!r}"
                f"{did_you_mean(name, known)}; it plays: {', '.join(known)}."
            )
        shares[name] = shares.get(name, 0.0) + _share(parts, text)
    if network == "wavenet" and len(shares) > 1:
        raise InputError(
            f"The timbre {str(text)[:60]!r} mixes instruments, which only nsynth can; "
            f"write nsynth:{'+'.join(shares)}."
        )
    if len(shares) == 1:
        shares = dict.fromkeys(shares, 1.0)
    return Timbre(network, tuple(shares.items()))


def instruments_of(network: str) -> tuple[str, ...]:
    """Return the instruments that a network has learned, by its name in WEIGHTS."""
    info = _info(network)
    return tuple(info["config"]["instruments"]) if info else DEFAULT


def _is_own(network: str, rest: str) -> bool:
    """Return whether a timbre, its network left out, names a run or a kept network."""
    first = rest.partition("+")[0].partition("*")[0].strip().lower().replace(" ", "-")
    if SIGN in rest:
        return True
    return first not in instruments_of(network) and (
        "/" in rest or "@" in rest or find_run(rest.strip()) is not None
    )


def timbre_names() -> list[str]:
    """Return the timbres whose weights are there, each of one instrument."""
    there = [network for network in WEIGHTS if _info(network) is not None]
    return [
        *(f"{network}:{name}" for network in there for name in instruments_of(network)),
        *own_timbre_names(),
    ]


def timbre_weights(timbres: Sequence[Timbre | None]) -> dict[str, str]:
    """Return the names of the weights that play some timbres, with their SHA-256."""
    asked = dict.fromkeys((one.network, one.own) for one in timbres if one)
    found = {}
    for network, own in asked:
        if own:
            from deepcomposer_edu.compose.models import load_model

            found[own] = load_model(find_model(own)).weight_sha256
        else:
            info = _info(network) or {}
            found[WEIGHTS[network]] = str(info.get("sha256", ""))
    return found


def checked_timbres(
    timbres: str | Timbre | Sequence[str | Timbre | None] | None, n_tracks: int
) -> tuple[Timbre | None, ...]:
    """Return the timbre of each track, None where the usual instrument plays.

    Args:
        timbres: one for all tracks, two for the first and the rest, or one for each; a
            text may list them with commas. What is "" or None, or names an instrument
            of General MIDI, is no timbre.
        n_tracks: how many tracks are not drums.

    Raises:
        InputError: if a name is unknown, or their number does not fit.
    """
    if timbres is None:
        return (None,) * n_tracks
    if isinstance(timbres, Timbre):
        timbres = [timbres]
    elif isinstance(timbres, str):
        timbres = timbres.split(",")
    read = spread([_timbre_or_none(timbre) for timbre in timbres], n_tracks)
    if len(read) != n_tracks:
        raise InputError(
            f"{len(read)} timbres were given, but it takes 1 (for all tracks), 2 (for "
            f"the first and the rest) or {n_tracks}, one for each track that is not "
            "drums."
        )
    return tuple(read)


def with_timbres(score: Score, timbres: Sequence[Timbre | None]) -> Score:
    """Return a score whose tracks have the General MIDI programs of their timbres.

    Args:
        score: the music.
        timbres: one for each track that is not drums; None leaves a track as it is.
    """
    left, tracks = list(timbres), []
    for track in score.tracks:
        timbre = None if track.is_drum else left.pop(0)
        tracks.append(replace(track, program=timbre.program) if timbre else track)
    return replace(score, tracks=tuple(tracks))


def spread(given: Sequence[T], n_tracks: int) -> list[T]:
    """Return one for each track, if one (for all) or two (first, the rest) are given.

    Any other number comes back as it is.

    >>> spread(["oboe", "strings"], 4)
    ['oboe', 'strings', 'strings', 'strings']
    """
    if len(given) == 2 and n_tracks > 1:
        return [given[0], *[given[1]] * (n_tracks - 1)]
    return list(given) * n_tracks if len(given) == 1 else list(given)


def recorded_timbres(record: dict) -> tuple[tuple[Timbre | None, ...] | None, int]:
    """Return the timbres of a provenance, None if there are none, and their seed.

    Raises:
        InputError: if they are damaged.
    """
    raw = record.get("raw")
    if raw is None:
        return None, 0
    names, seed = (
        (raw.get("timbres"), raw.get("seed")) if isinstance(raw, dict) else (None, None)
    )
    is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not is_list or isinstance(seed, bool) or not isinstance(seed, int):
        raise InputError(
            "The provenance is damaged: its timbres can't be read; give the "
            "composition.json that compose wrote."
        )
    return tuple(_timbre_or_none(name) for name in names), checked_seed(seed)


def raw_record(
    timbres: Sequence[Timbre | None] | None, seed: int = 0
) -> dict[str, object]:
    """Return what a provenance says of timbres: {"raw": ...}, or {} if there are none.

    Args:
        timbres: one for each track that is not drums.
        seed: of the sound.
    """
    if not timbres or not any(timbres):
        return {}
    names = ["" if timbre is None else str(timbre) for timbre in timbres]
    weights = timbre_weights(timbres)
    return {"raw": {"timbres": names, "seed": seed, "weights": weights}}


def _timbre_or_none(timbre: object) -> Timbre | None:
    if timbre is None or isinstance(timbre, Timbre):
        return timbre
    if isinstance(timbre, str) and timbre.strip() and ":" in timbre:
        return read_timbre(timbre)
    name = timbre.strip() if isinstance(timbre, str) else timbre
    if name != "":
        find_instrument(name)  # refuses what is none
    return None


def _share(parts: str, text: str) -> float:
    """Return how many parts an instrument has in a mixture."""
    try:
        share = float(parts) if parts.strip() else 1.0
    except ValueError:
        share = -1.0
    if not 0 < share <= MAX_SHARE:
        raise InputError(
            f"The timbre {str(text)[:60]!r} has {parts.strip()[:20]!r} parts of an "
            f"instrument, but it must be a number above 0 and up to {MAX_SHARE:g}."
        )
    return share


def _info(network: str) -> dict | None:
    """Return what the file beside a network's weights says, None if it is not there."""
    chosen = os.environ.get("DEEPCOMPOSER_WEIGHTS")
    folder = Path(chosen) if chosen else data_dir() / "weights"
    info = read_json(folder / f"{WEIGHTS[network]}.json") or {}
    config = info.get("config")
    return info if isinstance(config, dict) and config.get("instruments") else None
