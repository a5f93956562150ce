"""Bach's own metric values: stored, up to date, and near the published ones."""

import json

import pytest

from deepcomposer_edu.corpora.chorales import expected_digest, load_chorales
from deepcomposer_edu.corpora.reference import measure, reference_metrics
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import data_dir


def test_the_stored_values_are_those_measured_now():
    assert measure(load_chorales("test")) == pytest.approx(
        reference_metrics("test"), abs=1e-5
    )


def test_the_stored_values_belong_to_the_chorales_on_record():
    path = data_dir() / "corpora" / "bach_reference.json"
    assert json.loads(path.read_text())["chorales_sha256"] == expected_digest()


@pytest.mark.parametrize(
    ("name", "published", "tolerance"),
    [
        ("crops_hold_rate", 0.772, 0.02),
        ("crops_onsets_per_step", 0.91, 0.05),
        ("crops_triad_rate", 0.647, 0.02),
        ("crops_dissonant_pair_rate", 0.103, 0.01),
        ("crops_voice_order_rate", 0.974, 0.01),
        ("crops_moving_pair_rate", 0.149, 0.01),
        ("crops_parallel_fifths_per_1000", 0.73, 0.5),
        ("crops_parallel_octaves_per_1000", 0.54, 0.5),
        ("crops_best_scale_rate", 0.938, 0.01),
    ],
)
def test_bach_is_near_what_was_measured_on_the_usual_training_set(
    name, published, tolerance
):
    # 228 chorales of the other edition of the same pieces, also in crops of 128 steps
    assert reference_metrics("train")[name] == pytest.approx(published, abs=tolerance)


def test_another_split_is_refused():
    with pytest.raises(InputError, match='no reference values for the split "all"'):
        reference_metrics("all")
