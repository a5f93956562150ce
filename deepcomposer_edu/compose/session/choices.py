"""What is chosen to compose with: technique, genre, seed, parameters."""

from __future__ import annotations

from deepcomposer_edu.compose.code_links import CodeLink, code_of, code_parameters
from deepcomposer_edu.compose.genres import (
    CHORALE,
    Genre,
    checked_genre,
    genre_choices,
    style_parameters,
)
from deepcomposer_edu.compose.parameters import Parameter, checked_seed, did_you_mean
from deepcomposer_edu.compose.techniques.catalogue import find_technique
from deepcomposer_edu.errors import InputError


class Choices:
    """Technique, genre, seed and parameters, each checked as it is chosen.

    Args:
        genre: what is chosen at first; None: what the technique is best at.
        technique: the same.
        seed: the same.

    Raises:
        InputError: if something given is unknown.

    >>> choices = Choices()
    >>> choices.turn("temperature", 2)
    >>> choices.values["temperature"]
    2.0
    """

    def __init__(
        self, genre: str | None = None, technique: str = "wgan", seed: int = 0
    ) -> None:
        self.technique = find_technique(technique).name
        self.seed = checked_seed(seed)
        self._turned: dict[tuple[str, str], object] = {}  # (whose, name) -> value
        self._last_genre: dict[str, str] = {}  # technique -> genre
        usual = find_technique(technique).styles[0]
        self.choose_genre(usual if genre is None else genre)

    def genres(self) -> list[Genre]:
        """Return what the technique can be asked for: styles, kept models, runs."""
        return genre_choices(self.technique)

    def choose_genre(self, name: str) -> None:
        """Choose a style, a kept model, or a run folder, with @STEP if you like.

        Raises:
            InputError: if there is none of that name, or the technique does not know
                it.
        """
        technique = find_technique(self.technique)
        style, _ = checked_genre(name, None, technique)
        self.genre = style if str(name) == CHORALE else str(name)
        self._last_genre[self.technique] = self.genre

    def choose_technique(self, name: str) -> None:
        """Choose a technique.

        The genre stays if the technique knows it; if not, the one that was chosen with
        this technique last comes back, or what it is best at.

        Raises:
            InputError: if there is none of that name.
        """
        technique = find_technique(name)
        options = (self.genre, self._last_genre.get(technique.name, ""))
        self.technique = technique.name
        for genre in options:
            try:
                self.choose_genre(genre)
            except InputError:
                continue
            return
        self.choose_genre(technique.styles[0])

    def set_seed(self, seed: int) -> None:
        """Set the number from which all chance comes, 0 to 4294967295.

        Raises:
            InputError: if it lies outside.
        """
        self.seed = checked_seed(seed)

    @property
    def parameters(self) -> dict[str, tuple[str, Parameter]]:
        """What can be turned now: name to (technique or style, parameter)."""
        technique = find_technique(self.technique).parameters
        found = {p.name: (self.technique, p) for p in technique}
        return found | {p.name: (self.genre, p) for p in style_parameters(self.genre)}

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the technique and the style, with their values now."""
        return {
            name: self._turned.get((whose, name), parameter.default)
            for name, (whose, parameter) in self.parameters.items()
        }

    def turn(self, name: str, value: object) -> None:
        """Turn a parameter of the technique or of the style that is chosen.

        Raises:
            InputError: if there is none of that name, or the value is not allowed.
        """
        known = self.parameters
        if name not in known:
            raise InputError(
                f"The technique {self.technique} has no parameter "
                f"{str(name)[:40]!r}{did_you_mean(str(name), known)}; its parameters "
                f"are: {', '.join(known) or 'none'}."
            )
        whose, parameter = known[name]
        self._turned[whose, name] = parameter.checked(value)

    def code_of(self, parameter: str) -> CodeLink | None:
        """Return the line of code that a parameter changes, None if it is not known."""
        whose = self.parameters.get(parameter, (self.technique,))[0]
        if parameter not in code_parameters(whose):
            return None
        return code_of(whose, parameter)
