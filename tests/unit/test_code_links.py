"""Every slider leads to the line of code that it changes, found in the source."""

import pytest

from deepcomposer_edu.compose import technique_names, technique_parameters
from deepcomposer_edu.compose.code_links import (
    PLACES,
    code_of,
    code_parameters,
    first_use,
)
from deepcomposer_edu.compose.genres import style_parameters
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS

LINES = {
    ("wgan", "temperature"): "scores = logits + temperature * shared_gumbel(",
    ("wgan", "inertia"): "row[before - low] += inertia",
    ("wgan", "candidates"): ".argmax())",
    ("wgan", "avoid_parallels"): "if avoid_parallels:",
    ("wgan", "smoothness"): "row[:rest] -= smoothness * hard_to_sing(",
    ("wgan", "seed"): "torch.Generator().manual_seed(seed)",
    ("melody-rnn", "steps"): "n_new = n_new or",
    ("melody-rnn", "variant"): "n_features(config.has_lookback)",
    ("melody-rnn", "seed"): "torch.Generator().manual_seed(seed)",
    ("transformer", "mode"): "if is_longer:",
    ("transformer", "input_bars"): "n_input * melody.steps_per_bar",
    ("transformer", "extension_bars"): "n_new * melody.steps_per_bar",
    ("transformer", "max_rest"): "if before == REST_CLASS and rests_long:",
    ("transformer", "max_note"): "page.steps_since(voice, t) >= taste.max_note",
    ("transformer", "avoid_parallels"): "for pitch in parallel_classes(",
    ("transformer", "seed"): "torch.Generator().manual_seed(seed)",
    **{
        (technique, parameter): line
        for technique in ("melody-rnn", "transformer")
        for parameter, line in (
            ("temperature", "logits.float() / temperature"),
            ("top_k", "keep_top_k(logits, top_k)"),
            ("top_p", "keep_nucleus(logits, top_p)"),
        )
    },
    ("ar-cnn", "mode"): "may_change, unknown = is_meant, is_meant | ~is_there",
    ("ar-cnn", "voices"): "voices=voices, bars=bars or None",
    ("ar-cnn", "bars"): "voices=voices, bars=bars or None",
    ("ar-cnn", "keep"): "notes=kept",
    ("ar-cnn", "max_added"): "<= self.task.max_added",
    ("ar-cnn", "max_removed"): "<= self.task.most_removed",
    ("ar-cnn", "iterations"): "in sweeps(n, ",
    ("ar-cnn", "temperature"): "risk = torch.where(is_beat, ON_BEATS * task.temp",
    ("ar-cnn", "avoid_parallels"): "banned = parallels_at(",
    ("ar-cnn", "extension_bars"): "up_to_a_bar(melody, n_given, n_new)",
    ("ar-cnn", "variant"): "_checked(variant)",
    ("ar-cnn", "seed"): "torch.Generator().manual_seed(task.seed)",
    ("random", "seed"): "np.random.default_rng(seed)",
    ("jazz", "swing"): "if self.is_triple else swing",
    ("jazz", "energy"): "song.energy",
    ("rock", "energy"): "song.energy",
    ("pop", "energy"): "song.energy",
}


@pytest.mark.parametrize("place", PLACES)
def test_the_line_is_the_one_that_the_parameter_changes(place):
    assert LINES[place] in code_of(*place).text


@pytest.mark.parametrize("technique", technique_names())
def test_every_parameter_of_a_technique_has_its_line(technique):
    names = {parameter.name for parameter in technique_parameters(technique)}
    assert names | {"seed"} == set(code_parameters(technique))


@pytest.mark.parametrize("style", BANDS)
def test_every_parameter_of_a_band_has_its_line(style):
    names = {parameter.name for parameter in style_parameters(style)}
    assert names | {"seed", "genre"} == set(code_parameters(style))
    for name in code_parameters(style):
        assert code_of(style, name).text


@pytest.mark.parametrize("place", PLACES)
def test_the_excerpt_is_the_file_around_the_line(place):
    link = code_of(*place)
    lines = link.file.read_text("utf-8").splitlines()
    assert all(lines[number - 1] == text for number, text in link.excerpt)
    assert dict(link.excerpt)[link.line].strip() == link.text


def test_a_band_is_asked_where_the_technique_does_not_know():
    assert code_of("wgan", "swing", genre="jazz") == code_of("jazz", "swing")


def test_a_link_says_file_line_and_text():
    link = code_of("wgan", "inertia")
    assert str(link) == f"models/counterpoint.py, line {link.line}: {link.text}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("gan", "inertia"), "techniques are"),
        (("wgan", "temperatur"), "did you mean temperature"),
        (("random", "inertia"), "there is one for: seed"),
        (("wgan", None), "no line of code"),
    ],
)
def test_what_has_no_line_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        code_of(*given)


SOURCE = '''
class A:
    def f(self, x, y=2):
        """Uses x later: x."""
        z = y  # x
        return x + z.x
'''


def test_a_name_in_a_docstring_a_comment_or_a_signature_is_no_use():
    assert first_use(SOURCE, "A.f", "x") == 6


def test_lines_that_move_are_found_again():
    assert first_use("\n\n\n" + SOURCE, "A.f", "x") == 9


@pytest.mark.parametrize(("function", "name"), [("A.g", "x"), ("A.f", "w")])
def test_a_function_or_name_that_is_gone_is_noticed(function, name):
    with pytest.raises(LookupError):
        first_use(SOURCE, function, name)
