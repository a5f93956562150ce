"""The techniques that add voices below a melody and leave its length as it is."""

from __future__ import annotations

from deepcomposer_edu.compose.request import Request, Voices, voices_below


def compose_wgan(request: Request) -> Voices:
    """Harmonise with a WGAN-GP: the shipped one learned from chorales."""
    from deepcomposer_edu.compose.models import load_model, weights_record

    melody = request.melody
    harmoniser = load_model(request.model, "wgan", request.style)
    grid = harmoniser.harmonise(
        melody.grid,
        to_c=melody.key.to_c,
        steps_per_bar=melody.steps_per_bar,
        pickup=melody.pickup,
        seed=request.seed,
        on_progress=request.on_progress,
        **request.parameters,
    )
    return Voices(voices_below(melody, grid), weights_record(request.model, harmoniser))


def compose_random(request: Request) -> Voices:
    """Play random notes of the key below the melody: what every model must beat."""
    from deepcomposer_edu.models.baselines import random_in_key

    melody = request.melody
    grid = random_in_key(melody.grid, melody.key.to_c, request.seed)
    return Voices(voices_below(melody, grid))
