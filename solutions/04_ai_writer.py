# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 04 AI writer, AI composer
#
# At the end of this lesson you hear thirty seconds of melody that a network wrote after
# a beginning of your choice, and you know every step between its numbers and your ear.
#
# *145 minutes to read and do, best in two sittings: a good place for a break is before
# "From logits to one character". One core of your computer works for about 3 minutes.
# You need some Python, and torch as far as tensors. Lessons needed first: 00, 01 and
# 02.*

# %% [markdown]
# ## What you will be able to do
#
# - **prepare** any text for a network: characters, numbers, shifted targets
# - **draw** what comes next, and **hear** what temperature, top-k and the nucleus do
# - **write** a tune token by token with a network that you trained
# - **repair** a model that repeats one note, and say what was wrong with it

# %% [markdown]
# ## Set-up (1 minute)

# %%
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu import course
from deepcomposer_edu.corpora.texts import longest_copy
from deepcomposer_edu.corpora.tune_books import load_tune_books, tune_book_text
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_rnn import load_melody_rnn
from deepcomposer_edu.models.ngram import NGram
from deepcomposer_edu.models.writer import (
    CharLSTM,
    State,
    Vocabulary,
    Writer,
    WriterConfig,
    load_writer,
)
from deepcomposer_edu.music.abc import abc_tunes, read_abc
from deepcomposer_edu.music.abc_bars import whole_bar_share
from deepcomposer_edu.music.grid import from_grid, to_grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.nn.sampling import (
    NEVER,
    check_sampling,
    keep_nucleus,
    keep_top_k,
)
from deepcomposer_edu.training.predictor import TrainingSettings
from deepcomposer_edu.training.writer import load_writer_run, train_writer
from deepcomposer_edu.widgets import Sliders

torch.set_num_threads(1)  # the networks are small: more threads would gain little
course.setup(seed=0, lesson="04")

# %% [markdown]
# ## Listen first (4 minutes)
#
# Nobody composed this tune. A network wrote it, letter by letter, title included. It
# has read 3,547 dance tunes and airs from Ireland, America and Scotland as *text*,
# without ever hearing one.

# %%
shipped = load_writer()
tune = shipped.write("T:The Robot's Jig\nM:6/8\n", 600, 0.7, seed=0, stop="\n\n")
print(tune)
course.play(read_abc(tune), seconds=20)

# %% [markdown]
# And this is a network of the same family that writes melodies as notes. It was given
# the first two bars of the *Ode to Joy*. Everything after that is its own.

# %%
composer = load_melody_rnn("attention")
primer = to_grid(load_tune("ode-to-joy")).voices(0).crop(0, 32)
melody = composer.continue_melody(primer, 128, temperature=0.9, seed=0)
course.play(from_grid(melody, tempo=120), "Ode to Joy, continued", seconds=20)

# %% [markdown]
# Listen for three things in both: do you hear a key, do you hear bars, does anything
# come back that you heard before? By the end of the lesson you can build both.

# %% [markdown]
# ## A tune is a text (12 minutes)
#
# Fiddlers have written tunes with letters for a long time. In **ABC** notation `C D E`
# rise from middle C, `c` is an octave higher. A number after a letter is a length, `|`
# is a bar line, `|:` and `:|` stand around what is played twice. `M:` is the metre,
# `L:` the length of a letter without a number, `K:` the key.

# %%
books = load_tune_books("train")
first = next(book for book in books if book.title.startswith("Port Patrick"))
print(first.abc)
course.play(read_abc(first.abc), f"{first.title}, from {first.book}", seconds=12)

# %% [markdown]
# Three books with such tunes install with music21: *Aird's Airs* (from 1782), *Ryan's
# Mammoth Collection* (1883) and *O'Neill's Music of Ireland* (1903). Fingerings, bowing
# and ornaments are taken out, so that there is one spelling for one thing. Many tunes
# stand in more than one book. All versions of a tune are in one part of the split, for
# a network that has read the sister of a test tune is not tested by it.

# %%
# NBVAL_CHECK_OUTPUT
for split in ("train", "valid", "test"):
    text = tune_book_text(split)
    print(f"{split:6s}{len(load_tune_books(split)):5d} tunes{len(text):8,d} characters")

# %% [markdown]
# A network works with numbers. So each character gets one, its place in the
# **vocabulary**. Lesson 02 had tokens for notes; here the tokens are characters, the
# smallest there are. The network will have to find out by itself that `K:G` is a key
# and `GAB` is not one.

# %% exercise="4.1"
from deepcomposer_edu.models.writer import number_characters

# %%
# NBVAL_CHECK_OUTPUT
train_text, valid_text = tune_book_text("train"), tune_book_text("valid")
numbers = number_characters(train_text + valid_text)
print(len(numbers), "characters:", "".join(numbers).strip())
print([numbers[character] for character in "GAB|"])

# %% [markdown]
# ## What comes next? (15 minutes)
#
# The only task is to say what comes next. After `K:` it may be one of a few letters.
# After `dBG GA` in a jig one letter is still missing to the bar line, and it had better
# come from the key. Whoever can do this well knows a lot about tunes.
#
# A training step takes B pieces of the text, T characters each (B batch, T steps). The
# network reads a character and says how likely each character is to be next, at all T
# places in one go. So the **targets** are the inputs, one place further on.

# %% exercise="4.2"
from deepcomposer_edu.training.writer import shift

# %%
# NBVAL_CHECK_OUTPUT
vocabulary = Vocabulary(train_text + valid_text)
row = torch.tensor([vocabulary.encode("dBG GAB|")])  # (1, T + 1)
inputs, targets = shift(row)
for read, said in zip(inputs[0].tolist(), targets[0].tolist(), strict=True):
    print(
        f"reads {vocabulary.decode([read])!r}, should say {vocabulary.decode([said])!r}"
    )

# %% [markdown]
# The network is an **LSTM** (Hochreiter and Schmidhuber 1997). It reads one token after
# another and keeps a **state**, a few hundred numbers that it changes a little with
# each token: all that it remembers. An embedding (lesson 03) goes in, and out come V
# **logits**, one for each character of the vocabulary.

# %%
course.show(CharLSTM.forward)

# %% [markdown]
# How well it does is measured as **surprise**: -log2 p bits, if the character that
# really came had the probability p. A fresh network finds all 82 characters about as
# likely as one another.
#
# **Guess before you run:** how many bits is that? (2 to the power of what is 82?)

# %%
torch.manual_seed(0)
fresh = Writer(CharLSTM(WriterConfig(), len(vocabulary)), vocabulary)
some_tunes = valid_text[: course.amount(20_000, quick=2_000)]
print(f"fresh network  {fresh.bits_per_character(some_tunes):.2f} bits a character")
print(f"log2(82)       {math.log2(82):.2f}")

# %% [markdown]
# What has to be beaten is counting: the **5-gram** of lesson 02 looks at the last four
# characters and knows what followed them in the books.

# %%
learn_from = train_text[: course.amount(len(train_text), quick=20_000)]
five_gram = NGram([learn_from], order=5, vocabulary=vocabulary.characters)
counted = five_gram.bits_per_token([some_tunes])
print(f"5-gram           {counted:.2f} bits a character")
print(f"shipped network  {shipped.bits_per_character(some_tunes):.2f}")

# %% [markdown]
# ### Spot the mistake: a recipe from the web
#
# This network and this task stand in hundreds of tutorials, in lines much like these:
#
# ```python
# dataset = sequences.map(split_input_target).shuffle(10000).batch(64)
# model = Sequential([
#     Embedding(vocabulary_size, 256, batch_input_shape=[64, None]),
#     LSTM(1024, return_sequences=True, stateful=True),
#     Dense(vocabulary_size),
# ])
# ```
#
# `stateful=True` means that the LSTM begins a batch with the state in which it ended
# the one before. Two things are wrong here. One is music, one is software. And what has
# to be done before this model can write a single line?
#
# <details><summary>Answer</summary>
#
# - `shuffle` and `stateful` contradict each other. After shuffling, the next batch
#   comes from anywhere, so the LSTM reads the middle of a jig with the state that a
#   hymn left behind. Either go on where the last batch ended and keep the state, or
#   shuffle and begin with an empty one. `WriterConfig(is_stateful=True)` does the
#   first: 64 streams through the text, cut elsewhere in each epoch.
# - `batch_input_shape` belongs to the Keras of 2015 to 2023. Keras 3 refuses it.
# - The model is built for batches of 64. To write, it must be built again for a batch
#   of 1 and the weights loaded into it, or 63 of 64 texts are thrown away.
#
# The sizes of that recipe are here as `WriterConfig.original()`: 100 characters a
# piece, 64 pieces, embedding 256, 1024 units, 30 epochs with Adam.
#
# </details>

# %% [markdown]
# ## Train your own (8 minutes)
#
# A small writer, 256 units in one layer, reads the books for 300 steps: about one and a
# half times through, in about a minute of one core. Every 100 steps it is judged on
# tunes that it does not read, and writes a sample.

# %%
run = course.my_music() / "my_first_writer"
n_runs = len(list(run.parent.glob("my_first_writer*")))
run = run.with_name(f"my_first_writer_{n_runs + 1}")  # each time a new folder
history = train_writer(
    run,
    WriterConfig(),
    n_steps=course.steps(300, quick=3),
    sample_every=course.steps(50, quick=3),
)
course.curves(history.rows, "loss", "valid_loss", title="Your writer, in nats")

# %%
mine = load_writer_run(run)
for name, bits in (
    ("5-gram", counted),
    ("your writer", mine.bits_per_character(some_tunes)),
    ("shipped writer", shipped.bits_per_character(some_tunes)),
):
    print(f"{name:16s}{bits:.2f} bits a character")

# %% [markdown]
# Look at how it learned. The first samples know no more than which letters are common;
# then come bar lines at about the right distance, then headers, then bars that add up.

# %%
for path in sorted((run / "samples").glob("*.txt")):
    print(f"--- {path.stem}\n{path.read_text(encoding='utf-8').strip()[:200]}\n")

# %% [markdown]
# ## From logits to one character (32 minutes)
#
# The logits say what is likely. But one character has to be written, and which one is
# as much a musical decision as the network itself. First the logits become
# probabilities. With logits z and **temperature** t, for each token i:
#
# > p_i = exp(z_i / t) / Σ_j exp(z_j / t)
#
# At t = 1 these are the probabilities that the network learned. Below 1 the likely
# becomes likelier, above 1 everything becomes more alike.

# %% exercise="4.3"
from deepcomposer_edu.nn.sampling import softmax

# %% [markdown]
# Here are the likeliest characters after `T:The Ro`, at four temperatures.

# %%
with torch.no_grad():
    read = torch.tensor([vocabulary.encode("T:The Ro")])
    logits = shipped.network(read)[0][0, -1]  # (V,)
likeliest = logits.topk(8).indices.tolist()
print("temperature  " + "".join(f"{vocabulary.decode([i])!r:>7}" for i in likeliest))
for temperature in (0.3, 0.7, 1.0, 1.5):
    shares = softmax(logits, temperature)[likeliest].tolist()
    print(f"{temperature:11g}  " + "".join(f"{share:7.2f}" for share in shares))

# %% [markdown]
# Then one is drawn. Two limits can be set before. **Top-k** (Fan and others 2018) lets
# only the k likeliest take part. The **nucleus**, or top-p (Holtzman and others 2020),
# lets only the fewest take part that together reach the probability p: few where the
# network is sure, many where it is not. `keep_top_k` and `keep_nucleus` are given here;
# lesson 10 asks you for them.

# %% exercise="4.4"
from deepcomposer_edu.nn.sampling import sample

# %% [markdown]
# ## Write on (24 minutes)
#
# Writing is a loop. The network reads what there is and says what may come next; one
# token is drawn; that token is what it reads next. It never sees the text again: what
# it has read lives on in the state alone.

# %% exercise="4.5"
from deepcomposer_edu.models.writer import continue_tokens

# %% [markdown]
# Your functions, put together: your network, your drawing, your loop.

# %%
random = torch.Generator().manual_seed(0)


def draw(logits: Tensor) -> int:
    """Draw one token at temperature 0.7."""
    return int(sample(logits, temperature=0.7, generator=random))


beginning = "T:My first tune\nM:6/8\nL:1/8\nK:G\n"
with torch.no_grad():
    start = vocabulary.encode(beginning)
    new = list(continue_tokens(mine.network, start, 300, draw))
print(beginning + vocabulary.decode(new))

# %% [markdown]
# ### Temperature by ear
#
# The same network, the same beginning, the same seed, four temperatures. Before you
# listen, read: where can you see from the letters alone that something is off?


# %%
def heard(text: str, caption: str) -> object:
    """Return a player for the first tune of a text, or say why it cannot be played."""
    try:
        return course.play(read_abc(text), caption)
    except InputError as error:
        return f"{caption}: {error}"


for temperature in (0.3, 0.7, 1.0, 1.5):
    text = shipped.write(beginning, course.amount(250, quick=60), temperature, seed=1)
    print(f"--- temperature {temperature}\n{text[len(beginning) :]}\n")
    display(heard(text, f"Temperature {temperature}"))

# %% [markdown]
# Cold, it takes the same turns again and again; hot, the bars break and notes wander
# off the key. What the ear says can be counted. Do the bars have the length that the
# metre asks for? And how surprising is the text to the network itself? The last column
# is the longest piece that stands letter for letter in the books it has read: is it
# composing, or remembering?

# %%
print("temperature  bars that add up  bits a character  longest copy")
for temperature in (0.3, 0.7, 1.0, 1.5):
    length = course.amount(6000, quick=100)
    text = shipped.write(beginning, length, temperature, seed=2)
    shares = []
    for written in abc_tunes(text):
        try:
            shares.append(whole_bar_share(written))
        except InputError:  # it lost the metre
            shares.append(0.0)
    copy = longest_copy(text, train_text)
    print(
        f"{temperature:11g}{sum(shares) / len(shares):18.0%}"
        f"{shipped.bits_per_character(text):18.2f}{len(copy):14d}"
    )
real = [whole_bar_share(book.abc) for book in load_tune_books("test")]
print(f"{'real tunes':>11s}{sum(real) / len(real):18.0%}")

# %% [markdown]
# A copy of thirty characters is about three bars, and most of them are the common coin
# of these books: headers and closing formulas that hundreds of tunes share. Look at one
# and judge.

# %%
print(repr(copy), "stands", train_text.count(copy), "times in the books")

# %% [markdown]
# ## The model that repeats one note (24 minutes)
#
# A friend shows you a writer. Its loss is wonderful. In the music something is wrong.


# %%
def broken_loss(network: CharLSTM, tokens: Tensor) -> Tensor:
    """Return the loss that your friend wrote."""
    logits, _ = network(tokens[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), tokens[:, :-1].flatten())


torch.manual_seed(0)
friends = CharLSTM(WriterConfig(), len(vocabulary))
adam = torch.optim.Adam(friends.parameters(), lr=4e-3)
characters = torch.tensor(vocabulary.encode(train_text[:200_000]))
for _ in range(course.amount(60, quick=20)):
    places = torch.randint(len(characters) - 64, (32, 1))
    loss = broken_loss(friends, characters[places + torch.arange(65)])
    adam.zero_grad()
    loss.backward()
    adam.step()
print(f"loss at the end: {loss.item() / math.log(2):.2f} bits a character")
stuck = Writer(friends, vocabulary).write(beginning + "GABd", 60, temperature=0.7)
print(stuck)

# %% [markdown]
# **Guess before you open:** which line of `broken_loss` is it, and why is the loss so
# small?
#
# <details><summary>Answer</summary>
#
# The targets are `tokens[:, :-1]`, the inputs themselves. They are not shifted. To say
# what it has read a moment before is easy, so the loss falls to almost 0, and when it
# writes, it says after each note the same note again. A loss far below that of every
# other model is a reason to look for a leak, not to celebrate.
#
# </details>
#
# First a measure, so that you need not listen to every sample.

# %% exercise="4.6"
from deepcomposer_edu.nn.repeats import longest_run

# %%
written = stuck.removeprefix(beginning)
print("longest run of one character:", longest_run(written))
print("in the books:", longest_run(train_text.replace(" ", "")))

# %% [markdown]
# ### Two repairs
#
# The quick one treats the symptom, at the draw: what has come too often in a row is
# forbidden.

# %% exercise="4.7"
from deepcomposer_edu.nn.repeats import forbid_long_runs

# %%
so_far = vocabulary.encode(beginning + "GABd")
random = torch.Generator().manual_seed(0)


def careful_draw(logits: Tensor) -> int:
    """Draw a token, but none that has come three times in a row."""
    allowed = forbid_long_runs(logits, so_far, max_run=3)
    so_far.append(int(sample(allowed, temperature=0.7, generator=random)))
    return so_far[-1]


with torch.no_grad():
    patched = list(continue_tokens(friends, list(so_far), 60, careful_draw))
print(vocabulary.decode(patched))
print("longest run of one character:", longest_run(patched))

# %% [markdown]
# No note comes more than three times in a row, and still this is no music: the network
# never learned what comes next, and the ban cannot teach it. The real repair is one
# line in the loss, `shift`, and the training again. Your own writer above is that
# repaired model.
#
# A sound model can get stuck as well, without any mistake in it. At a very low
# temperature the likeliest always wins, and what was written makes the same again
# likely. There the ban, a higher temperature or a nucleus are the right cure.

# %%
length = course.amount(400, quick=100)
for temperature in (0.05, 0.7):
    text = shipped.write(beginning, length, temperature, seed=0)
    text = text.removeprefix(beginning)
    bars = [bar for bar in text.split("|") if bar.strip()]
    print(
        f"temperature {temperature:4g}: {len(set(bars))} different bars of {len(bars)}"
    )

# %% [markdown]
# ## From writer to composer (12 minutes)
#
# Nothing in your loop knows that the tokens are letters. With notes as tokens the same
# network is a **MelodyRNN**, as Google's Magenta published it in 2016. At each
# sixteenth it says one of 38 things: hold on, stop, or one of 36 pitches. Two helps
# make it better than a bare LSTM. *Lookback* is told what stood one and two bars ago;
# *attention* looks back at its own last 40 steps and takes what it needs (lesson 10).
#
# ### Spot the mistake: a snippet that cannot run
#
# Magenta's package no longer installs on today's Python, so many copies of lines like
# these lie about, and nobody can try them. Read them as if you could. Three things are
# wrong.
#
# ```python
# CONFIG = "attention_rnn"
# bundle = read_bundle_file("attention_rnn.mag")
# generator = MelodyRnnSequenceGenerator(
#     model=bundle,
#     details=config.details,
#     steps_per_quarter=config.steps_per_quarter,
#     checkpoint=None,
# )
# ```
#
# <details><summary>Answer</summary>
#
# - `CONFIG` is given a value and `config` is used: a NameError. Besides, the name of a
#   configuration is not the configuration.
# - The bundle, a file with weights, is handed over where the model is expected.
# - With `checkpoint=None`, and the bundle in the wrong place, no weights are loaded at
#   all. Had it run, it would have played a network that has learned nothing.
#
# </details>
#
# Ours runs, on melodies of the same three books. The **primer** is what it goes on
# from; 240 sixteenths at 120 quarters a minute are 30 seconds.

# %%
n_new = course.amount(240 - primer.n_steps, quick=32)
for variant in ("attention", "lookback"):
    composer = load_melody_rnn(variant)
    melody = composer.continue_melody(primer, n_new, temperature=1.0, seed=0)
    score = from_grid(melody, tempo=120)
    path = course.my_music() / f"melody_{variant}.mid"
    write_midi(score, path)
    print(f"{path.name}: {score.seconds:.0f} seconds, {len(score.notes)} notes")
    display(course.play(score, f"MelodyRNN, {variant}", seconds=30))

# %%
course.plot(melody.crop(0, 128), "The primer (two bars) and what follows")

# %% [markdown]
# Your measure works here, too: the longest run of one pitch, struck again each time,
# beside that of the primer's tune.

# %%
for name, grid in (
    ("Ode to Joy", to_grid(load_tune("ode-to-joy"))),
    ("MelodyRNN", melody),
):
    pitches = [note.pitch for note in from_grid(grid).tracks[0].notes]
    print(f"{name:12s}longest run of one pitch: {longest_run(pitches)}")

# %% [markdown]
# ## Play with it (10 minutes)
#
# Turn the sliders and listen. Begin with the temperature alone. Then set it to 1.3 and
# lower top-p until the wrong notes are gone: what else is gone?


# %%
def composed(temperature: float, top_k: int, top_p: float, seed: int) -> object:
    """Return eight bars after the primer."""
    return from_grid(
        composer.continue_melody(
            primer,
            course.amount(128, quick=16),
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            seed=seed,
        ),
        tempo=120,
    )


Sliders(
    composed,
    temperature=(0.1, 2.0, 1.0),
    top_k=(0, 38, 0),
    top_p=(0.05, 1.0, 1.0),
    seed=(0, 20, 0),
)

# %% [markdown]
# The writer in the shell, with any text of yours (a minute or two of learning first),
# and the composer as a technique like all others:
#
# ```
# deepcomposer write --temperature 0.8 -o tune.mid
# deepcomposer write --text shakespeare.txt --start "ROMEO:" --length 500
# deepcomposer compose ode-to-joy --technique melody-rnn -o out
# ```

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("04")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Train on a text in your language: `deepcomposer train writer --text FILE --out run`.
#   After how many steps do you see words? At which temperature do they hold together?
# - The sizes of the well-known recipe, `WriterConfig.original()`, take more than a
#   second a step. Is it better than yours after the same number of *minutes*?
# - `load_writer().write("T:Port Patrick\n")`: does it know the tune by heart? Use
#   `longest_copy`. And what would it mean for the rights if these books were new?
# - Forbid not only runs of one token but of pairs, `GAGAGA`. Does music get better?

# %% [markdown]
# ## What you learned
#
# - to **prepare** any text for a network: characters, numbers, shifted targets
# - to **draw** what comes next, and to **hear** what temperature, top-k and the nucleus
#   do
# - to **write** a tune token by token with a network that you trained
# - to **repair** a model that repeats one note, and to say what was wrong with it
#
# ## References
#
# - Hochreiter, S. and Schmidhuber, J., 1997. Long Short-Term Memory.
# - Sutskever, I., Martens, J. and Hinton, G., 2011. Generating Text with Recurrent
#   Neural Networks.
# - Karpathy, A., 2015. The Unreasonable Effectiveness of Recurrent Neural Networks.
# - Sturm, B., Santos, J., Ben-Tal, O. and Korshunova, I., 2016. Music Transcription
#   Modelling and Composition Using Deep Learning.
# - Waite, E., 2016. Generating Long-Term Structure in Songs and Stories. Magenta.
# - Fan, A., Lewis, M. and Dauphin, Y., 2018. Hierarchical Neural Story Generation.
# - Holtzman, A. and others, 2020. The Curious Case of Neural Text Degeneration.
