"""`deepcomposer midi`: which MIDI keyboards are there, and what they send."""

from __future__ import annotations

import contextlib
import queue
import time
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer midi\n"
        "  deepcomposer midi --listen\n"
        "  deepcomposer midi --listen --port akm322 --seconds 10 --bytes"
    )(midi)


def midi(
    listen: Annotated[
        bool,
        typer.Option("--listen", "-l", help="Show what is played, until Ctrl-C."),
    ] = False,
    port: Annotated[
        str | None,
        typer.Option("--port", "-p", help="Name of a port or a part of it."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", "-s", help="How long to listen; default: no end."),
    ] = None,
    show_bytes: Annotated[
        bool, typer.Option("--bytes", "-b", help="Show the bytes of each message, too.")
    ] = False,
) -> None:
    """List the MIDI keyboards of this computer, or show what one sends.

    Nothing is sounded or kept. Use it to see whether a keyboard is heard at all, and
    which controller a knob is.
    """
    from deepcomposer_edu.music.midi_ports import choose_port, list_ports

    if seconds is not None and seconds <= 0:
        raise InputError(f"--seconds is {seconds:g}, but it must be more than 0.")
    names = list_ports()
    if listen:
        _show(choose_port(port, names), seconds, show_bytes)
    else:
        _list(names if port is None else [choose_port(port, names)])


def _list(names: list[str]) -> None:
    """Say which ports there are and what each is taken for."""
    from deepcomposer_edu.music.midi_devices import profile_of
    from deepcomposer_edu.music.midi_ports import is_through

    if not names:
        say("No MIDI keyboard is plugged in, or this computer shows none to Python.")
        return
    width = max(len(name) for name in names)
    for name in names:
        what = "the system's own loop" if is_through(name) else profile_of(name).title
        say(f"{name:<{width}}  {what}")
    say("See what one sends with `deepcomposer midi --listen`.")


def _show(name: str, seconds: float | None, show_bytes: bool) -> None:
    """Print each message of a port in words, until the time is over."""
    from deepcomposer_edu.music.midi_devices import describe, profile_of
    from deepcomposer_edu.music.midi_ports import MidiPort

    profile = profile_of(name)
    # Lines come from the threads of driver and watcher and are printed on this one.
    lines: queue.Queue[str] = queue.Queue()

    def heard(milliseconds: float, data: tuple[int, ...]) -> None:
        words = describe(data, profile)
        if words is None:
            return
        shown = "".join(f" {byte:3d}" for byte in data) if show_bytes else ""
        lines.put(f"{milliseconds / 1000:9.3f} s {shown}  {words}")

    def plugged(is_there: bool) -> None:
        lines.put(f"{name} is {'back' if is_there else 'unplugged'}.")

    say(f"{name}: {profile.title}. Play; Ctrl-C ends.")
    end = None if seconds is None else time.monotonic() + seconds
    with MidiPort(name, heard, plugged), contextlib.suppress(KeyboardInterrupt):
        while end is None or time.monotonic() < end:
            left = 0.5 if end is None else min(0.5, max(0.0, end - time.monotonic()))
            with contextlib.suppress(queue.Empty):  # Ctrl-C gets its turn
                say(lines.get(timeout=left))
