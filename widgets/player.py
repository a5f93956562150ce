"""A player in the notebook: hear a score, see it run, choose its instruments."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.instruments import find_instrument, instrument_menu
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_from_dict, score_to_dict
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.player_pages import answer_pages
from deepcomposer_edu.widgets.score_input import to_score

SLOWEST, FASTEST = 0.25, 4.0  # factors of the tempo
USUAL_VOLUME = 0.8  # of a track; General MIDI's 100
DRUM_KITS = (
    (0, "Standard kit"),
    (8, "Room kit"),
    (16, "Power kit"),
    (24, "Electronic kit"),
    (25, "TR-808 kit"),
    (32, "Jazz kit"),
    (40, "Brush kit"),
    (48, "Orchestra kit"),
)
WELCOME = "Press Play. Click the roll to go there, drag over bar numbers to loop them."


class Player(SoundWidget, bundle="player"):
    """A piece of music to hear and to see: piano roll, tracks, instruments.

    It plays in the browser, with sampled instruments. Each track has an instrument, a
    volume, mute and solo; bars can be looped, the tempo changed, the roll zoomed.

    Args:
        music: a Score, something with a `score` such as a Composition, the path of a
            MIDI or MusicXML file, or None for an empty player.
        speed: how much faster than written, 0.25 to 4.
        volume: loudness of everything, 0 to 1.
        loop: first and last bar to repeat, such as (3, 4); None plays once.
        follow: whether the roll turns its page while the music plays.
        changed: notes to point out, as (track, number of the note in its track).
        view: "roll" for the piano roll, "score" for notation.

    Raises:
        InputError: if a value lies outside its range, or there is no such file.

    >>> from deepcomposer_edu.music.score import Score
    >>> player = Player(Score.from_notes([(0, 60, 16), (16, 67, 16)]), loop=(2, 2))
    >>> player.loop
    [16, 32]
    """

    # The music, as score_to_dict() gives it, and how it is heard.
    music = traitlets.Dict().tag(sync=True)
    # one a track: {"program", "is_drum", "volume", "mute", "solo"}
    mix = traitlets.List().tag(sync=True)
    speed = traitlets.Float(1.0, min=SLOWEST, max=FASTEST).tag(sync=True)
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    loop = traitlets.List().tag(sync=True)  # [from, to] in steps, or []
    follow = traitlets.Bool(True).tag(sync=True)
    view = traitlets.Enum(["roll", "score"], "roll").tag(sync=True)  # score: notation
    changed = traitlets.List().tag(sync=True)  # [track, index] of notes to point out

    # What happens in the browser; read these, or observe them.
    position = traitlets.Float(0.0).tag(sync=True)  # step; four times a second
    is_playing = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below

    # What the browser is given.
    instruments = traitlets.List().tag(sync=True)  # (family, names), 128 names in all
    drum_kits = traitlets.List([list(kit) for kit in DRUM_KITS]).tag(sync=True)
    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

    def __init__(
        self,
        music: object = None,
        speed: float = 1.0,
        volume: float = 0.8,
        loop: tuple[int, int] | None = None,
        follow: bool = True,
        changed: list[tuple[int, int]] | None = None,
        view: str = "roll",
    ) -> None:
        if view not in ("roll", "score"):
            raise InputError(f"The view is {view!r}, but it is 'roll' or 'score'.")
        _check_number("The speed", speed, SLOWEST, FASTEST)
        _check_number("The volume", volume, 0, 1)
        super().__init__(
            speed=float(speed),
            volume=float(volume),
            follow=follow,
            view=view,
            instruments=instrument_menu(),
        )
        self.on_msg(answer_pages)
        self.score = music
        if loop is not None:
            self.loop_bars(*loop)
        if changed:
            self.show_changed(changed)

    # --- the music

    @property
    def score(self) -> Score:
        """The music, with the instruments that are chosen in the player now.

        Set it to a Score, a composition, a path or None. While it plays, the player
        plays the new music on from the same place; tracks that keep their number keep
        volume, mute and solo.
        """
        score = score_from_dict(self.music)
        tracks = [
            replace(track, program=mix["program"], is_drum=mix["is_drum"])
            for track, mix in zip(score.tracks, self.mix, strict=True)
        ]
        return replace(score, tracks=tuple(tracks))

    @score.setter
    def score(self, music: object) -> None:
        score = Score() if music is None else to_score(music, "The player")
        mix = []
        for number, track in enumerate(score.tracks):
            heard = {"volume": USUAL_VOLUME, "mute": False, "solo": False}
            if number < len(self.mix):
                heard |= {name: self.mix[number][name] for name in heard}
            mix.append({"program": track.program, "is_drum": track.is_drum, **heard})
        with self.hold_sync():
            self.changed = []
            self.mix = mix
            self.music = score_to_dict(score)

    @property
    def programs(self) -> list[int]:
        """The General MIDI program of each track, as chosen now."""
        return [mix["program"] for mix in self.mix]

    def set_track(
        self,
        track: int,
        instrument: int | str | None = None,
        volume: float | None = None,
        mute: bool | None = None,
        solo: bool | None = None,
    ) -> None:
        """Change how a track is heard; what is None stays.

        Args:
            track: its number from 0.
            instrument: General MIDI program, a name such as "overdriven guitar", or
                "drums" (the pitches then choose drums).
            volume: 0 to 1; 0.8 is usual.
            mute: whether it is silent.
            solo: whether only this track, and others that are solo, are heard.

        Raises:
            InputError: if there is no such track or instrument.
        """
        self._check_track(track)
        values: dict[str, object] = {}
        if instrument is not None:
            is_drum = str(instrument).strip().lower() in ("drums", "drum kit")
            program = 0 if is_drum else find_instrument(instrument)
            values |= {"program": program, "is_drum": is_drum}
        if volume is not None:
            _check_number("The volume", volume, 0, 1)
            values["volume"] = float(volume)
        values |= {
            name: bool(value)
            for name, value in {"mute": mute, "solo": solo}.items()
            if value is not None
        }
        self.mix = [
            old | values if number == track else old
            for number, old in enumerate(self.mix)
        ]

    def show_changed(self, notes: list[tuple[int, int]]) -> None:
        """Point out notes of the roll; all others fade. An empty list ends it.

        Args:
            notes: (track, number of the note in its track) of each.

        Raises:
            InputError: if there is no such note.
        """
        tracks = self.music["tracks"]
        for track, index in notes:
            self._check_track(track)
            n_notes = len(tracks[track]["notes"])
            if not 0 <= index < n_notes:
                raise InputError(
                    f"Track {track} has no note {index}: its {n_notes} notes are "
                    "numbered from 0."
                )
        self.changed = [[int(track), int(index)] for track, index in notes]

    # --- what the buttons do

    def play(self, start: float | None = None, until: float | None = None) -> None:
        """Play, as the Play button does.

        A browser stays silent until somebody has clicked the page once.

        Args:
            start: step to begin at; None goes on where it stands.
            until: step to stop at; None plays to the end or round the loop.
        """
        self.send({"kind": "play", "from": start, "until": until})

    def pause(self) -> None:
        """Stay where it is, silent."""
        self.send({"kind": "pause"})

    def stop(self) -> None:
        """Pause, and back to the start (of the loop, if there is one)."""
        self.send({"kind": "stop"})

    def seek(self, step: float) -> None:
        """Go to a step (a sixteenth; 16 to a 4/4 bar); while it plays, it plays on."""
        _check_number("The step", step, 0, float("inf"))
        self.send({"kind": "seek", "step": float(step)})

    def seek_bar(self, bar: int) -> None:
        """Go to the beginning of a bar; the first whole bar is 1, a pickup 0.

        Raises:
            InputError: if there is no such bar.
        """
        self.seek(self._bar_steps(bar)[0])

    def loop_bars(self, first: int | None, last: int | None = None) -> None:
        """Repeat bars: `first` to `last`, both included; None ends it.

        Raises:
            InputError: if there are no such bars.
        """
        if first is None:
            self.loop = []
            return
        last = first if last is None else last
        start, end = self._bar_steps(first)[0], self._bar_steps(last)[1]
        if end <= start:
            raise InputError(
                f"Bars {first} to {last} cannot be looped: the first must come first."
            )
        self.loop = [start, end]

    # --- helpers

    def _check_track(self, track: int) -> None:
        """Refuse a track that is not there."""
        n_tracks = len(self.mix)
        if isinstance(track, bool) or track not in range(n_tracks):
            raise InputError(
                f"There is no track {track!r}: the {n_tracks} tracks are numbered "
                "from 0."
            )

    def _bar_steps(self, bar: int) -> tuple[float, float]:
        """Return where a bar starts and ends, in steps."""
        lines = bar_lines(score_from_dict(self.music))
        for (start, number), (end, _) in pairwise(lines):
            if number == bar:
                return start, end
        raise InputError(
            f"There is no bar {bar!r}: the bars go from {lines[0][1]} to "
            f"{lines[-2][1]}."
        )


def _check_number(what: str, value: float, least: float, most: float) -> None:
    """Refuse what is no number from `least` to `most`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        upper = "" if most == float("inf") else f" to {most:g}"
        raise InputError(
            f"{what} is {value!r}, but it must be a number from {least:g}{upper}."
        )
