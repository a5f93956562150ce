"""Licences add up, and cards say what the provenance says."""

from dataclasses import replace

import pytest

from deepcomposer_edu.compose import arrange, compose
from deepcomposer_edu.compose.export.cards import model_card, process_card
from deepcomposer_edu.compose.rights import LICENCES, USES, Layer, in_the_way, to_do
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.paths import data_dir


def layers(*licences):
    return [Layer(name, "work", name) for name in licences]


def test_every_layer_has_to_allow_a_use():
    piece = layers("public domain", "CC BY-NC", "CC BY", "unknown")
    assert in_the_way(piece, "sell") == ["CC BY-NC", "unknown"]
    assert in_the_way(piece, "share") == ["unknown"]


def test_one_layer_more_never_allows_more():
    for first in LICENCES:
        for second in LICENCES:
            for use in USES:
                alone = set(in_the_way(layers(first), use))
                assert alone <= set(in_the_way(layers(first, second), use))


def test_share_alike_and_non_commercial_do_not_mix():
    piece = layers("CC BY-SA", "CC BY-NC")
    assert in_the_way(piece, "change") == ["CC BY-NC"]
    assert in_the_way(piece, "share") == []
    assert in_the_way(layers("CC BY-SA", "CC BY"), "change") == []


def test_nothing_is_allowed_without_a_licence():
    for use in USES:
        assert in_the_way(layers("unknown"), use) == ["unknown"]
        assert in_the_way(layers("permission to another"), use)


def test_the_duties_of_a_piece_name_the_layer():
    (duty,) = to_do(layers("CC0", "CC BY-SA"))
    assert duty.startswith("CC BY-SA: name the author")
    assert "same licence" in duty


def test_a_licence_or_use_that_is_not_there_gives_one_sentence():
    with pytest.raises(InputError, match='licence "WTF" is not in the table'):
        Layer("a tune", "work", "WTF")
    with pytest.raises(InputError, match='no use "eat"; choose share, change, sell'):
        in_the_way([], "eat")


def test_a_process_card_tells_the_chain_and_the_layers():
    first = compose("twinkle-twinkle", technique="random", seed=3)
    card = process_card(compose(first, technique="random", seed=4), "A test | of <b>")
    assert "| Step 1 | random, " in card.text
    assert "seed 3, no network" in card.text
    assert "| Step 2 | random, " in card.text
    assert "A test \\| of &lt;b&gt;" in card.text
    assert [layer.licence for layer in card.layers] == ["public domain"]
    assert f"of {len(first.score.notes)} were given" in card.text


def test_a_melody_of_ones_own_has_an_unknown_owner_until_one_says():
    tune = Score.from_notes([(0, 60, 8), (8, 64, 8), (16, 67, 16)], title="Mine")
    card = process_card(compose(tune, technique="random"))
    assert card.layers[0].licence == "unknown"
    assert "say here whose it is" in card.text


def test_a_card_names_the_network_and_its_data(tmp_path):
    card = process_card(compose("twinkle-twinkle", technique="wgan"))
    (network,) = [layer for layer in card.layers if layer.kind == "network"]
    assert (network.what, network.licence) == ("the network wgan-bach", "MIT")
    assert "| `wgan-bach` | trained by this project on Bach's" in card.text
    assert card.save(tmp_path / "card.md").read_text("utf-8") == card.text


def test_a_network_that_plays_is_a_layer_while_it_is_heard():
    made = compose("twinkle-twinkle", "random", instruments="wavenet:organ")
    card = process_card(made)
    (network,) = [layer for layer in card.layers if layer.kind == "network"]
    assert (network.what, network.licence) == ("the network wavenet-notes", "MIT")
    assert "seed 0, network `wavenet-notes`" in card.text
    later = process_card(compose(made, "random", instruments="oboe"))
    assert [layer.kind for layer in later.layers] == ["work"]


def test_weights_that_only_bear_a_shipped_name_have_no_known_licence():
    made = compose("twinkle-twinkle", technique="random")
    for sha256 in ("", "0" * 64):
        weights = {"name": "wgan-bach", "sha256": sha256}
        other = replace(made, provenance={**made.provenance, "weights": weights})
        assert process_card(other).layers[-1].licence == "unknown"


def test_music_that_somebody_else_gave_for_a_section_is_a_layer():
    mine = compose("twinkle-twinkle", technique="random")
    theirs = compose("old-hundredth", technique="random")
    card = process_card(arrange(mine, materials={"B": theirs}))
    assert len(card.layers) == 2
    assert "| More music | Old Hundredth" in card.text


def test_every_shipped_network_has_a_card():
    for path in (data_dir() / "weights").glob("*.json"):
        card = model_card(path.stem)
        assert "unknown" not in card.text
    with pytest.raises(InputError, match="There is no network"):
        model_card("../nonsense")
