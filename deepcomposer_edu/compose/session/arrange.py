"""What a session does with the arranger: a version becomes a minute, say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.arranging.record import ARRANGE, ORCHESTRATE
from deepcomposer_edu.compose.arranging.wishes import Wishes, checked_wishes
from deepcomposer_edu.compose.session.base import Progress, SessionBase
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import find_instrument, instrument_name

if TYPE_CHECKING:
    from deepcomposer_edu.compose.composition import Composition
    from deepcomposer_edu.compose.versions import Version

USUAL = {"seconds": 60.0, "form": "AABA", "tempo": None, "ending": "cadence", "seed": 0}
PLACES = ("melody", "others")  # whose instruments are chosen in a section


class ArrangeSession(SessionBase):
    """The part of a `Session` that has to do with arranging; of no use alone.

    `arranging` holds what is wished for: seconds, form, tempo, ending and seed, as
    `arrange` takes them. `scoring` has the instruments of a section, `materials` the
    versions that give a letter its music.
    """

    def _begin_arranging(self) -> None:
        self.arranging: dict[str, object] = dict(USUAL)
        self.scoring: dict[tuple[str, str], int] = {}  # (section, place) -> program
        self.materials: dict[str, str] = {}  # letter -> id of a version

    @property
    def section_names(self) -> tuple[str, ...]:
        """The sections of the form, each once, in order: A, A', B."""
        return tuple(dict.fromkeys(self._wishes().names))

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the form, each once, in order."""
        return tuple(dict.fromkeys(name[0] for name in self.section_names))

    def wish(self, name: str, value: object) -> None:
        """Wish for another length, form, tempo, ending or seed of arrangements.

        Args:
            name: one of `arranging`.
            value: as `arrange` takes it.

        Raises:
            InputError: if there is no such wish, or it cannot be.
        """
        if name not in USUAL:
            raise InputError(
                f"There is no wish {str(name)[:20]!r}; the wishes are "
                f"{', '.join(USUAL)}."
            )
        before = self.arranging[name]
        self.arranging[name] = value
        try:
            wishes = self._wishes()
        except InputError:
            self.arranging[name] = before
            raise
        if name == "form":
            self.arranging["form"] = " ".join(wishes.names)

    def choose_player(self, section: str, place: str, program: int | None) -> None:
        """Choose who plays a section.

        Args:
            section: one of `section_names`.
            place: "melody" for the highest voice, "others" for the rest.
            program: General MIDI, 0 to 127; None: as it is.

        Raises:
            InputError: if there is no such section, place or instrument.
        """
        if section not in self.section_names or place not in PLACES:
            raise InputError(
                f"There is no {str(place)[:20]!r} of section {str(section)[:20]!r}; "
                f"the sections are {', '.join(self.section_names)}."
            )
        if program is None:
            self.scoring.pop((section, place), None)
        else:
            self.scoring[section, place] = find_instrument(program)

    def choose_material(self, letter: str, version_id: str | None) -> None:
        """Let a letter have the music of another version; None: as the form says.

        Raises:
            InputError: if there is no such letter or version.
        """
        if letter not in self.letters:
            raise InputError(
                f"There is no letter {str(letter)[:20]!r} in the form; its letters are "
                f"{', '.join(self.letters)}."
            )
        if version_id is None:
            self.materials.pop(letter, None)
        else:
            self.materials[letter] = self.versions.get(version_id).id

    @property
    def to_arrange(self) -> Composition:
        """What the current version is an arrangement of; itself if it is none.

        Raises:
            InputError: if nothing is composed.
        """
        made = self._needed().composition
        while made.provenance["technique"] in (ARRANGE, ORCHESTRATE) and made.parents:
            made = made.parents[0]
        return made

    def arrange(self, progress: Progress | None = None, **wishes: object) -> Version:
        """Arrange the current version and keep the result as a version.

        Of an arrangement, what it was made from is arranged anew.

        Args:
            progress: called with None and words.
            **wishes: those of `arranging` that shall be others from now on;
                `instruments` and `materials` as `arrange` takes them go before what
                was chosen.

        Returns:
            The version; the one that is there, if the same was arranged before.

        Raises:
            InputError: if nothing is composed, or it cannot be arranged so.
            Cancelled: if `cancel` was called meanwhile; nothing has changed then.
        """
        from deepcomposer_edu.compose.arranging.arranger import arrange

        tell = self._begin_work(progress)
        source = self.to_arrange
        instruments = wishes.pop("instruments", None) or self._scoring_of(source)
        materials = wishes.pop("materials", None) or {
            letter: self.versions.get(version_id).composition
            for letter, version_id in self.materials.items()
            if letter in self.letters and version_id in self.versions
        }
        for name, value in wishes.items():
            self.wish(name, value)
        tell(None, "arranging")
        made = arrange(
            source, **self.arranging, instruments=instruments, materials=materials
        )
        self._go_on()
        return self._keep(made, self._same_as(source) or self._needed())

    def _scoring_of(self, source: Composition) -> Mapping[str, list[str]] | None:
        """Return the chosen instruments as `arrange` takes them."""
        from deepcomposer_edu.compose.arranging.record import voices_of

        usual = [t.program for t in voices_of(source).tracks if not t.is_drum]
        found = {}
        for section in self.section_names:
            chosen = [self.scoring.get((section, place)) for place in PLACES]
            if chosen != [None, None]:
                wanted = [chosen[0], *[chosen[1]] * (len(usual) - 1)]
                pairs = zip(wanted, usual, strict=True)
                found[section] = [
                    instrument_name(p if p is not None else u) for p, u in pairs
                ]
        return found or None

    def _wishes(self) -> Wishes:
        return checked_wishes(**self.arranging, instruments=None)
