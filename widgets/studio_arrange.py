"""The studio's panel of the arranger: what it shows, and what a hand does in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.arranging.record import ARRANGING
from deepcomposer_edu.compose.arranging.wishes import SECONDS_RANGE
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.session.arrange import PLACES
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.music.instruments import GM_FAMILIES
from deepcomposer_edu.widgets.studio_views import Busy
from deepcomposer_edu.widgets.studio_words import version_title
from deepcomposer_edu.widgets.studio_work import StudioWork

if TYPE_CHECKING:
    from deepcomposer_edu.compose.versions import Version

ENDINGS = [["cadence", "a close on the tonic, slower"], ["none", "as the music ends"]]


def arrange_view(session: Session, busy: Busy) -> dict:
    """Return what is wished for, section by section, and what was done."""
    current = session.current
    if current is None:
        return {"is_empty": True, "sections": [], "made": [], "busy": None}
    wishes, source = session.arranging, session.to_arrange
    low, high = SECONDS_RANGE
    is_arranged = current.composition.provenance["technique"] in ARRANGING
    return {
        "is_empty": False,
        "source": _title_of(session, source),
        "seconds": wishes["seconds"],
        "low": low,
        "high": high,
        "form": str(wishes["form"]).replace(" ", ""),
        "tempo": wishes["tempo"],
        "ending": wishes["ending"],
        "endings": ENDINGS,
        "seed": wishes["seed"],
        "sections": [
            {
                "name": name,
                "has_music": name in session.letters,
                "music": session.materials.get(name),
                **{place: session.scoring.get((name, place)) for place in PLACES},
            }
            for name in session.section_names
        ],
        "versions": [[v.id, version_title(v)] for v in session.versions],
        "families": [
            [family.capitalize(), [name.capitalize() for name in names]]
            for family, names in GM_FAMILIES.items()
        ],
        "made": list(current.composition.notes) if is_arranged else [],
        "busy": busy,
    }


def _title_of(session: Session, source: Composition) -> str:
    """Return what the version is called that has a composition's notes."""
    digest = source.provenance["result"]["sha256"]
    for version in session.versions:
        if version.composition.provenance["result"]["sha256"] == digest:
            return version_title(version)
    return "what this version was made from"


class ArrangeActions(StudioWork):
    """The part of a `Studio` that has to do with arranging; of no use alone."""

    def arrange(self, **wishes: object) -> Composition:
        """Arrange the current version as the Arrange button does, and wait.

        Args:
            **wishes: seconds, form, tempo, ending, seed, instruments and materials, as
                `compose.arrange` takes them; what is left out stays as chosen.

        Raises:
            InputError: if nothing is composed, or it cannot be arranged so.
        """
        version = self._do_and_wait(
            "arrange", lambda progress: self.session.arrange(progress, **wishes)
        )
        self._say_arranged(version)
        return version.composition

    def _do_wish(self, values: Mapping, _buffers: list) -> None:
        self.session.wish(values["name"], values["value"])

    def _do_choose_player(self, values: Mapping, _buffers: list) -> None:
        self.session.choose_player(
            values["section"], values["place"], values["program"]
        )

    def _do_choose_material(self, values: Mapping, _buffers: list) -> None:
        self.session.choose_material(values["letter"], values["id"])

    def _do_arrange(self, _values: Mapping, _buffers: list) -> None:
        self._start("arrange", self.session.arrange, self._say_arranged)

    def _say_arranged(self, version: Version) -> None:
        seconds = version.composition.score.seconds
        title = version_title(version)
        self._say(
            "arrange", f"{title} is ready, {seconds:.1f} seconds: hear it in step 3."
        )
