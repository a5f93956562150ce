"""WaveNets of your own as timbres: whose run or kept file is meant, and what it plays.

`wavenet:runs/voice#flute` is the flute of the WaveNet that was trained in runs/voice.
Nothing here loads torch.
"""

from __future__ import annotations

from deepcomposer_edu.compose.model_places import (
    SHIPPED,
    SMALL,
    Model,
    find_model,
    kept_models,
    read_json,
    run_models,
)
from deepcomposer_edu.compose.parameters import did_you_mean
from deepcomposer_edu.errors import InputError

SIGN = "#"  # between the run and its instrument
PLAYING = ("wavenet",)  # kinds of networks whose runs play notes
_TAKEN = " ,+*#:"  # signs that mean something where timbres are written


def spelt(instrument: str) -> str:
    """Return an instrument's name as it is written in a timbre.

    >>> spelt("My Flute, low")
    'my-flute-low'
    """
    words = "".join(" " if sign in _TAKEN else sign for sign in instrument.lower())
    return "-".join(words.split())


def own_player(network: str, place: str) -> Model:
    """Return the network that is meant, of a run or a kept file.

    Args:
        network: the kind that must be in it, "wavenet".
        place: a run folder, its name with or without @STEP, or a kept name.

    Raises:
        InputError: if there is none, or it cannot play notes.
    """
    if network not in PLAYING:
        raise InputError(
            f"Of your own networks only a {' or a '.join(PLAYING)} can play notes so "
            f"far, not a {network}; write wavenet:{place[-60:]}."
        )
    model = find_model(place)
    if model.name in (SHIPPED, SMALL) or model.network != network:
        kind = "wgan" if model.name in (SHIPPED, SMALL) else model.network
        raise InputError(
            f"{model.name} is a network of {kind}, but a {network} is needed to play "
            f"notes; train one with `deepcomposer train {network} --out runs/voice`."
        )
    if _pitched(model) == 0:
        raise InputError(
            f"{model.name} learned from sounds that have no steady pitch, so it cannot "
            "play notes; train one on recordings of single notes."
        )
    return model


def instruments_in(model: Model) -> tuple[str, ...]:
    """Return what a WaveNet of your own has learned, as it is written in timbres.

    Raises:
        InputError: if its settings are damaged.
    """
    path = (
        model.path.with_suffix(".json")
        if model.kind == "kept"
        else model.path.parent.parent / "config.json"
    )
    config = (read_json(path) or {}).get("config")
    names = config.get("instruments") if isinstance(config, dict) else None
    if not isinstance(names, list) or not names:
        raise InputError(
            f"The settings of {model.name} in {path} name no instruments; train it "
            "again."
        )
    return tuple(spelt(str(name)) for name in names)


def own_instrument(model: Model, name: str) -> str:
    """Return one of a network's instruments; "" is the only one it has.

    Raises:
        InputError: if it has not learned it, or has several and none is named.
    """
    known = instruments_in(model)
    wanted = spelt(name.strip())
    if not wanted and len(known) == 1:
        return known[0]
    if wanted in known:
        return wanted
    problem = f"has not learned {wanted[:30]!r}{did_you_mean(wanted, known)}"
    raise InputError(
        f"{model.name} {problem if wanted else 'plays several instruments'}; write "
        f"{' or '.join(f'wavenet:{model.name}{SIGN}{one}' for one in known[:6])}."
    )


def own_timbre_names() -> list[str]:
    """Return the timbres of the runs and kept networks in the known places."""
    found = []
    for model in (*kept_models(), *run_models()):
        if model.network in PLAYING and _pitched(model) != 0:
            try:
                names = instruments_in(model)
            except InputError:  # damaged: it is told when somebody asks for it
                continue
            found += [f"{model.network}:{model.name}{SIGN}{name}" for name in names]
    return found


def _pitched(model: Model) -> int | None:
    """Return how many sounds of known pitch it learned from; None: not recorded."""
    if model.kind != "run":
        return None
    note = read_json(model.path.parent.parent / "data.json") or {}
    sounds = note.get("sounds")
    count = sounds.get("pitched") if isinstance(sounds, dict) else None
    return count if isinstance(count, int) else None
