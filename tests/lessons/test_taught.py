"""What has to be taught stands, in so many words, in the lesson that should teach it.

The rows are those of docs/coverage.md. A phrase is looked for in what a reader of the
lesson sees; whoever rewrites a paragraph changes it here, too, and is asked on the way
whether something went that was promised.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

LESSONS = Path(__file__).resolve().parent.parent.parent / "lessons"
SAID = [
    ("0-T1", "06", "DeepLens (2017)", "DeepRacer (2018)", "DeepComposer (2019)"),
    ("0-T1", "06", "with which to learn it by playing"),
    ("0-T2", "06", "Ian Goodfellow", "Jean Pouget-Abadie", "Mehdi Mirza", "Bing Xu"),
    ("0-T2", "06", "David Warde-Farley", "Sherjil Ozair", "Aaron Courville"),
    ("0-T2", "06", "Yoshua Bengio published in 2014"),
    ("0-T3", "06", "counterfeiters and police", "Then D = 0.5."),
    ("0-T4", "06", "It never sees the data", "It is a plain classifier"),
    ("0-T4", "06", "turns random numbers into pieces"),
    ("0-T5", "06", "the gradient can walk back through it", "the key to it"),
    ("0-T6", "06", "pieces of two numbers, points in a plane"),
    ("1-T1", "02", "cut into small units: notes, beats, the sounds of instruments"),
    ("1-T2", "02", "guess the next number from those before"),
    ("1-T3", "02", "Composing by itself.", "Recommending."),
    ("1-T4", "05", "1 and 2: BatchNorm and LayerNorm", "3: Dropout"),
    ("1-T4", "05", "4: A weight penalty", "5: Augmentation", "another tempo"),
    ("1-T5", "05", "mean of each channel over all pieces and steps: axes 0 and 2"),
    ("1-T5", "05", "the mean over the channels, here of each step of each piece"),
    ("1-T6", "05", "y = Wx + b", "Attention is a weighted sum, too"),
    ("1-T6", "05", "A convolution", "An embedding gives each code its own row"),
    ("1-T7", "03", "Four tables hold four embeddings"),
    ("1-T8", "00", "the electric guitar and the recording studio", "a new pigment"),
    ("1-T8", "artist", "Ultramarine", "does not say what to paint"),
    ("1-T9", "04", "shuffle(10000)", "stateful=True", "100 characters a piece"),
    ("1-T9", "04", "64 pieces, embedding 256, 1024 units, 30 epochs with Adam"),
    ("2-T1", "14", "explore and settle other planets", "Baroque and advanced science"),
    ("2-T1", "14", "in Bach's manner, elegant and impressive", "one minute"),
    ("2-T2", "06", "makes a cat that never was"),
    ("2-T3", "06", "Autodesk", "We have found no source that confirms it"),
    ("2-T4", "14", "It asked for no knowledge of music or of machine learning"),
    ("2-T4", "14", "could train a network of their own"),
    ("2-T5", "09", "learning capsules", "Capsule 1, the GAN"),
    ("2-T5", "09", "Capsule 2, the autoregressive CNN"),
    ("3-T1", "11", "it leaves out nearly everything that you hear", "timbre"),
    ("3-T2", "11", "The output comes back as input"),
    ("3-T3", "11", "A convolution is causal if", "dilated", "receptive field"),
    ("3-T4", "11", "compares the kernel with the factor", "makes many paths"),
    ("3-T5", "11", "65,536 numbers", "makes do with 256", "softmax"),
    ("3-T6", "11", "as in the sounds of speech, and lost in music", "768 ms"),
    ("3-T7", "12", "NSynth (Engel and others, 2017)", "An encoder listens"),
    ("3-T8", "12", "autoregressive discrete autoencoder", "Abstraction.", "Control."),
    ("3-T8", "12", "Compression.", "Stacking."),
    ("3-T9", "12", "keep a codebook", "the gradient is 0", "straight-through"),
    ("3-T10", "12", "VQ autoencoders fail easily", "population-based training"),
    ("3-T11", "12", "Their argmax autoencoder has no codebook", "diversity loss"),
    ("3-T12", "12", "sees as many codes as the other one sees samples"),
    ("3-T13", "12", "Universal Music Translation Network"),
    ("4-T1", "08", "an orchestra and its conductor"),
    ("4-T2", "08", "229 train, 76 valid and 77 test pieces"),
    ("4-T2", "01", "A piano roll is that paper as a table"),
    ("4-T3", "01", "The way between is a batch"),
    ("4-T4", "07", "Both take turns, until neither gains any more"),
    ("4-T5", "07", "generator's loss: -critic(fake)", "a loss that tracks quality"),
    ("4-T5", "08", "the gradient penalty", "earth mover's distance"),
    ("4-T6", "07", "the better it was, the less it taught"),
    ("4-T6", "07", "That is why the paper took 5 : 1"),
    ("4-T7", "08", "oscillation is normal", "skyrockets", "plunges to 0", "stuck"),
    ("4-T7", "08", "mode collapse", "Listening finds this in a second"),
    ("4-T8", "08", "the samples are good enough", "loss has become flat"),
    ("4-T8", "08", "the metrics have come to the data's own values"),
    ("4-T9", "08", "There is no accepted way to measure how good generated music is"),
    ("4-T10", "08", "understand a GAN, and the whole way", "before you write a model"),
]
# What sources say that is wrong: the claim as it is quoted, and what corrects it.
CORRECTED = [
    ("01", "A keyboard with 32 keys has two octaves.", "two octaves and a fifth"),
    ("01", "Middle C is C3.", "In this course middle C is C4"),
    ("01", "The data set is Bach's 229 chorales.", "229 is the train part"),
    ("01", "We measure quality by the share of notes in C major", "more is not better"),
    ("04", "batch_input_shape=[64, None]", "Keras 3 refuses it"),
    ("04", "details=config.details", "CONFIG is given a value and config is used"),
    ("07", "A lower update ratio makes a stronger discriminator.", "writes n_critic"),
    ("08", "Create a model by reinforcement learning", "It is adversarial training"),
    ("08", "The data set is 229 chorales.", "the collection has 382 pieces"),
    ("09", "Input and result differ in 289 cells.", "at most 100 cells differ"),
    ("10", "So TonicNet is the best of the three.", "three different things"),
    ("11", "Mu-law concentrates on the low frequencies.", "finer at small amplitudes"),
    ("11", "Five layers with filters of length 2", "Four, both times."),
    ("11", "the filter size is greater than the dilation", "The meaningful rule"),
    ("12", "popular based training", "Population-based training. Nobody is voted for"),
    ("12", "applies a softmax to the embedding", "ReLU and a division by the sum"),
    ("13", "Pitch histogram distance:", "the training data do not enter it"),
]


@cache
def words_of(lesson):
    """Return what a reader of a lesson sees, in one line, without marks of emphasis."""
    (path,) = LESSONS.glob(f"{lesson}*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = " ".join("".join(cell["source"]) for cell in cells)
    return re.sub(r"\s+", " ", re.sub(r"[*`]", "", text))


@pytest.mark.parametrize("row", SAID, ids=lambda row: "-".join(row[:3]))
def test_the_lesson_says_it(row):
    _, lesson, *phrases = row
    missing = [phrase for phrase in phrases if phrase not in words_of(lesson)]
    assert missing == []


@pytest.mark.parametrize(
    ("lesson", "claim", "correction"), CORRECTED, ids=lambda text: text[:20]
)
def test_a_wrong_claim_is_quoted_and_put_right(lesson, claim, correction):
    text = words_of(lesson).replace("> ", "")
    assert claim in text
    assert correction in text[text.index(claim) :]


def test_every_row_of_teaching_is_looked_for():
    coverage = LESSONS.parent / "docs" / "coverage.md"
    taught = set(re.findall(r"^\| (\d-T\d+) ", coverage.read_text("utf-8"), re.M))
    assert {row[0] for row in SAID} == taught
