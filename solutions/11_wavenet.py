# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 11 WaveNet
#
# At the end of this lesson a network plays a tune of your choice by saying 8,000
# numbers for each second of it, one after the other, and you have made a network of
# this kind play many times faster without changing a single number that it says.
#
# *180 minutes to read and do, best in two sittings: a good place for a break is before
# "A layer with a gate". One core of your computer works for about 4 minutes. You need
# some Python, and torch as far as `backward`. Lessons needed first: 01; 04 and 10
# help.*

# %% [markdown]
# ## What you will be able to do
#
# - **turn** sound into 256 numbers and back, and **hear** what is lost
# - **build** a network that hears the past only, and **prove** it
# - **tell** how far back a network hears, in samples, milliseconds and beats, and on
#   how many paths
# - **make** it fast, and **judge** what it can keep in mind and what it cannot

# %% [markdown]
# ## Set-up (1 minute)

# %%
import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from deepcomposer_edu import course
from deepcomposer_edu.corpora.sounds import note_sounds, phrase_sounds
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.models.note_wavenet import TEMPERATURE, load_notes_wavenet
from deepcomposer_edu.models.wave_generation import draw, generate
from deepcomposer_edu.models.wavenet import WaveLayer, WaveNet, WaveNetConfig
from deepcomposer_edu.music.score import Score, note_name
from deepcomposer_edu.music.sound_measures import cents, fundamental
from deepcomposer_edu.nn.leaks import worst_leak
from deepcomposer_edu.nn.waves import mu_law_decode
from deepcomposer_edu.training.wave_phase import phase_lead
from deepcomposer_edu.widgets import ReceptiveField

torch.set_num_threads(1)  # the networks are small: more threads would gain little
course.setup(seed=0, lesson="11")

# %% [markdown]
# ## Listen first (5 minutes)
#
# Nobody has recorded what you are about to hear, and no synthesizer plays it. A network
# says one number after another, 8,000 for each second, and each one depends on the
# numbers that it said before. The numbers *are* the sound.


# %%
player = load_notes_wavenet()
RATE = player.config.rate  # samples per second
ENGINE = "queue" if course.is_quick() else "auto"


def play_notes(
    pitches: Sequence[float],
    instrument: str,
    seconds: float = 1.0,
    held: float | Tensor = 0.8,
    temperature: float = TEMPERATURE,
    seed: int = 0,
) -> np.ndarray:
    """Return notes that the network plays, each by itself, (B, N)."""
    pitch = torch.tensor(pitches, dtype=torch.float32)
    number = torch.full((len(pitch),), player.config.instruments.index(instrument))
    loud = torch.full((len(pitch),), 100)
    n_samples = course.amount(round(seconds * RATE), quick=400)
    told = player.condition(pitch, number, loud, n_samples, held)
    codes = generate(player.wavenet, n_samples, *told, temperature, seed, engine=ENGINE)
    return mu_law_decode(codes).numpy()


def play_tune(score: Score, instrument: str, seconds: float = 10.0) -> np.ndarray:
    """Return the first seconds of a tune, note by note by the network, (N,)."""
    notes = [n for n in score.tracks[0].notes if score.seconds_at(n.start) < seconds]
    starts = [score.seconds_at(n.start) for n in notes]
    ends = [score.seconds_at(n.start + 0.9 * n.duration) for n in notes]
    held = torch.tensor(ends) - torch.tensor(starts)
    octaves = max(0, math.ceil((max(n.pitch for n in notes) - 72) / 12))
    pitches = [n.pitch - 12 * octaves for n in notes]
    sounds = play_notes(pitches, instrument, float(held.max()) + 0.3, held)  # (B, N)
    audio = np.zeros(round((max(ends) + 0.3) * RATE) + 1, dtype=np.float32)
    for begin, length, sound in zip(starts, held.tolist(), sounds, strict=True):
        first, n_samples = round(begin * RATE), round((length + 0.25) * RATE)
        piece = sound[:n_samples]
        audio[first : first + len(piece)] += piece
    return audio / max(1.0, np.abs(audio).max())


for instrument in player.config.instruments[: course.amount(4, quick=1)]:
    seconds = course.amount(8, quick=1) / 2
    heard = play_tune(load_tune("ode-to-joy"), instrument, seconds)
    what = f"Ode to Joy, a WaveNet as {instrument}"
    display(course.play(heard, what, sample_rate=RATE))

# %% [markdown]
# It was told three things: which instrument, which note when, and how hard. It was
# never given a piece of a recording to play back. What happens in the cell above you
# will understand by the end of this lesson; for now, use your ears. What sounds right,
# and what betrays the machine? Keep your answer for later.

# %% [markdown]
# ## What a score leaves out (6 minutes)
#
# All lessons until now dealt with notes: which pitch, when, how long. That is a fine
# language for a tune, and it leaves out nearly everything that you *hear*. Here is one
# note, C4, as four instruments play it. The score is the same four times.

# %%
four = note_sounds(pitches=range(60, 61), velocities=(100,))
waves = {four.instruments[four.instrument[i]]: four.audio[i] for i in range(len(four))}
for name, sound in waves.items():
    display(course.play(sound, f"C4, {name}", sample_rate=four.rate))
course.waveform(waves, four.rate, first=0.3, seconds=0.012, caption="12 milliseconds")

# %% [markdown]
# A sound is the pressure of the air, measured many times a second. Each measurement is
# a **sample**, a number from -1 to 1, and how many there are in a second is the
# **sample rate**. The pattern repeats about 262 times a second: that is the pitch. Its
# shape is the **timbre**; how high its hills are, the **amplitude**, is the loudness;
# and all of it is in the numbers. That is why one would like to compose with the
# numbers themselves: **raw audio**.
#
# And that is why hardly anybody did. **Guess before you run:** how many numbers are the
# 32 seconds of *Ode to Joy*, as notes and as sound?

# %%
# NBVAL_CHECK_OUTPUT
tune = load_tune("ode-to-joy")
n_notes = len(tune.tracks[0].notes)
print(f"as notes: {n_notes} notes of 3 numbers, {3 * n_notes} in all")
for rate in (8_000, 16_000, 44_100):
    print(f"as sound: {round(tune.seconds * rate):9,} numbers at {rate:6,} a second")

# %% [markdown]
# ## Sound as 256 numbers (21 minutes)
#
# A network that chooses the next *note* has a softmax over some 50 notes. What about
# the next *sample*? On a compact disc each sample is one of $2^{16}$ = 65,536 numbers.
# A softmax over so many is slow, and most of them would hardly ever be right. WaveNet
# makes do with 256, by a trick that it took from the telephone: **mu-law**. Quiet
# samples get fine steps, loud ones coarse steps:
#
# $$y = \text{sign}(x)\,\frac{\ln(1 + \mu |x|)}{\ln(1 + \mu)}, \qquad
#   \text{code} = \text{round}\!\left(\frac{y + 1}{2}\,\mu\right)$$
#
# with $x$ the sample in [-1, 1] and $\mu$ = `mu` = 255, one less than the number of
# codes.

# %%
course.mu_law_steps(16, caption="With 16 codes one sees the steps; WaveNet has 256.")

# %% exercise="11.1"
from deepcomposer_edu.nn.waves import mu_law

# %% tags=["show"]
from deepcomposer_edu.nn.waves import mu_law_decode

# %% [markdown]
# Now by ear. A melody is made very quiet, a hundredth of the full amplitude, as at the
# end of a long note. Then it is turned into 256 codes, once with equal steps and once
# with mu-law, and made loud again so that you hear what is left. **Guess before you
# run:** with equal steps, how many different codes does the quiet melody use?


# %%
def equal_steps(audio: Tensor, n_codes: int = 256) -> Tensor:
    """Return the sound after it was rounded to equal steps."""
    return (audio.clamp(-1, 1) * (n_codes - 1) / 2).round() * 2 / (n_codes - 1)


def through_mu_law(audio: Tensor, n_codes: int = 256) -> Tensor:
    """Return the sound after it was turned into codes and back."""
    return mu_law_decode(mu_law(audio, n_codes), n_codes)


phrases = phrase_sounds(n=course.amount(24, quick=3), instruments=("clarinet",))
melody = torch.from_numpy(phrases.audio[0])
quiet = 0.01 * melody / melody.abs().max()
versions = {
    "as it was": quiet,
    "256 equal steps": equal_steps(quiet),
    "256 codes of mu-law": through_mu_law(quiet),
}
for name, sound in versions.items():
    loud = (0.5 * sound / sound.abs().max()).numpy()
    print(f"{name:20s}{len(sound.unique()):6,} different numbers")
    display(course.play(loud, f"A quiet melody, {name}", 4, phrases.rate))

# %% [markdown]
# And a loud melody with fewer and fewer codes of mu-law. Where do you begin to hear it?

# %%
full = 0.5 * melody / melody.abs().max()
for n_codes in (256, 64, 16, 4)[: course.amount(4, quick=2)]:
    sound = through_mu_law(full, n_codes).numpy()
    display(course.play(sound, f"{n_codes} codes", 4, phrases.rate))

# %% [markdown]
# The hiss is the rounding error. It is there at 256 codes, too, only softer than the
# music around it.
#
# ### Spot the mistake
#
# > Mu-law concentrates on the **low frequencies**.
#
# A blog about WaveNet says so. Can one find out without believing anybody?
# Make tones of three frequencies at three amplitudes, and measure how far the tone lies
# above its rounding error, in **decibels**: 20 more are ten times the amplitude.
# **Guess before you run:** along which axis of the table will the numbers change?


# %%
# NBVAL_CHECK_OUTPUT
def decibels_above_error(sound: Tensor, coded: Tensor) -> float:
    """Return how many decibels a sound lies above the error that coding made."""
    return 10 * math.log10(sound.square().mean() / (sound - coded).square().mean())


def tone(hertz: float, amplitude: float, rate: int = 8_000) -> Tensor:
    """Return a second of a pure tone, (N,)."""
    turns = hertz * torch.arange(rate, dtype=torch.float64) / rate
    return (amplitude * torch.sin(2 * math.pi * turns)).float()


for code in (through_mu_law, equal_steps):
    print(f"{code.__name__}, amplitudes 0.5, 0.05, 0.005")
    for hertz in (101, 709, 3001):
        tones = [tone(hertz, amplitude) for amplitude in (0.5, 0.05, 0.005)]
        told = [decibels_above_error(one, code(one)) for one in tones]
        print(f"  {hertz:5d} Hz", *(f"{round(x):4d} dB" for x in told))

# %% [markdown]
# <details><summary>Answer</summary>
#
# From top to bottom nearly nothing changes: mu-law looks at one sample at a time, and a
# single sample has no frequency. From left to right the equal steps lose 20 decibels
# and then 22 more, about as much as the tone does, while mu-law loses 2 and then 5: it
# is finer at small **amplitudes**. "Low" was the right word for the wrong thing.
#
# </details>

# %% [markdown]
# ## One number after another (8 minutes)
#
# What is the chance of a whole sound? That of its first sample, times that of the
# second given the first, and so on:
#
# $$p(x_1, \dots, x_N) = \prod_{t=1}^{N} p(x_t \mid x_1, \dots, x_{t-1})$$
#
# Nothing is left out or assumed here; every chance of many things can be written so.
# The network gives one factor at a time: it hears the samples so far and says how
# likely each of 256 codes is to be next. To compose, draw one of them, put it at the
# end of what was heard, and ask again. The output comes back as input: that is what
# **autoregression** means. You know it from lesson 04, letter by letter; now it is
# sample by sample.
#
# Here is what the network that you heard at the beginning expects of the next samples
# of a clarinet. They were not drawn by it: the course's synthesizer, from whose notes
# the network learned, plays a note that was kept from it on this instrument.

# %%
held_out = note_sounds(pitches=range(60, 72), velocities=(85,)).valid
is_clarinet = held_out.instrument == held_out.instruments.index("clarinet")
unheard = held_out.pick(np.flatnonzero(is_clarinet)[1:2])
codes = mu_law(torch.from_numpy(unheard.audio))[:, :4_000]  # (1, N)
hertz = 440 * 2 ** ((unheard.pitch[0] - 69) / 12)
lead = torch.from_numpy(phase_lead(unheard.audio[0], hertz, RATE))[None, :4_000]
told = player.condition(
    torch.from_numpy(unheard.pitch),
    torch.tensor([player.config.instruments.index("clarinet")]),
    torch.from_numpy(unheard.velocity),
    codes.shape[1],
    lead=lead,  # where in its period the real note is: see "Tell it the note"
)
with torch.no_grad():
    chances = player(codes, *told).softmax(-1)[0]  # (N, 256)
course.next_sample(
    chances[3_000:3_120].numpy(),
    codes[0, 3_000:3_120].numpy(),
    RATE,
    caption=f"{unheard.name(0)}: what it expects, and what came (dots)",
)

# %% [markdown]
# Dark is likely. The network does not say *one* next number, it says how likely each
# is, and a dot beside the dark is a surprise. The loss is the mean surprise, $-\ln p$
# of the code that came, in nats. **Guess before you run:** what is the loss of a
# network that finds all 256 codes equally likely?

# %%
surprise = -chances[torch.arange(codes.shape[1]), codes[0]].log().mean()
print(f"no knowledge: ln 256 = {math.log(256):.2f} nats a sample")
print(f"this network: {surprise:.2f} nats on a note that it has not learned")

# %% [markdown]
# ## A convolution without a future (25 minutes)
#
# How does it hear the past? A **convolution** slides a small **kernel** along the
# sound: a few **taps**, each a matrix from C channels to D, and at every sample the
# same ones. In lesson 09 the network looked to both sides. Here it must not: at sample
# $t$ the next ones do not exist yet. A convolution is **causal** if its newest tap lies
# on $t$ itself and all others before it. And it is **dilated** if its taps lie further
# apart than one sample:
#
# $$y_t = \sum_{k=0}^{K-1} x_{t - (K - 1 - k)\,d}\, W_k$$
#
# with $K$ taps, `weight[k]` = $W_k$, the oldest first, and $d$ = `dilation`, by how
# many samples each tap lies after the one before it. Before the beginning there are
# zeros.
#
# All arrays of sound are (B, N, C) here: sounds, samples, channels. The smallest
# example that one can print: taps of 10 and 1 write the old sample and the new one side
# by side, as two digits.

# %% exercise="11.2"
from deepcomposer_edu.nn.waves import causal_convolution

# %%
# NBVAL_CHECK_OUTPUT
x = torch.arange(1.0, 9.0)[None, :, None]  # (1, 8, 1)
digits = torch.tensor([10.0, 1.0])[:, None, None]  # (2, 1, 1)
for dilation in (1, 2, 4):
    y = causal_convolution(x, digits, dilation)
    pairs = [f"{value:02.0f}" for value in y.flatten().tolist()]
    print(f"dilation {dilation}:", *pairs)

# %% [markdown]
# Read the last column: with dilation 4 the last sample, 8, is joined by the one four
# before it, 4.
#
# ### The causality test
#
# Code that looks right can leak. So there is a test that needs no look at the code:
# *changing the future must not change the past*. `worst_leak` (from lesson 10) changes
# a sound after each of its samples in turn, and reports how much the output up to there
# moves. **Guess before you run:** which of the three leaks?


# %%
# NBVAL_CHECK_OUTPUT
def centred(x: Tensor) -> Tensor:
    """Return a convolution as torch makes it with padding on both sides."""
    weight = torch.ones(1, 1, 3)
    return F.conv1d(x.transpose(1, 2), weight, padding="same").transpose(1, 2)


def shifted(x: Tensor) -> Tensor:
    """Return a causal convolution of what was one sample before."""
    return causal_convolution(F.pad(x, (0, 0, 1, 0))[:, :-1], digits)


random = torch.Generator().manual_seed(0)
one, other = torch.rand(2, 1, 12, 1, generator=random)
for name, network in (
    ("centred", centred),
    ("causal", lambda x: causal_convolution(x, digits)),
    ("causal, one sample late", shifted),
):
    step, size = worst_leak(network, one, other)
    print(f"{name:25s}{'leaks' if size > 1e-6 else 'does not leak'}")

# %% [markdown]
# ### Spot the mistake
#
# Two of them do not leak. Yet if the output at $t$ is to *predict* sample $t$, one of
# these two still cheats. Which, and what would the test have to ask?
#
# <details><summary>Answer</summary>
#
# The causal one. Its newest tap lies on sample $t$ itself: asked for $x_t$ it has seen
# $x_t$ and only needs to copy it. Its loss would be wonderful, and what it generates
# worthless. A network that predicts needs **one** shift by a sample, at its very
# beginning; all layers above may use their newest tap. The stricter test compares the
# output at $t$ while $x_t$ *itself* is changed, too:
#
# </details>


# %%
# NBVAL_CHECK_OUTPUT
def predicts_honestly(network: Callable, one: Tensor, other: Tensor) -> bool:
    """Return whether the output at t is the same whatever is at t and after it."""
    return worst_leak(lambda x: network(x)[:, 1:], one, other)[1] < 1e-6


torch.manual_seed(0)
tiny = WaveNet(WaveNetConfig(residual=8, skip=16, dilations=(1, 2, 4, 8)))
code_pair = torch.randint(0, 256, (2, 1, 24), generator=random)
for name, network, pair in (
    ("causal", lambda x: causal_convolution(x, digits), (one, other)),
    ("causal, one sample late", shifted, (one, other)),
    ("the course's WaveNet", tiny, code_pair),
):
    verdict = "predicts" if predicts_honestly(network, *pair) else "copies"
    print(f"{name:25s}{verdict}")

# %% [markdown]
# ## How far back does it hear? (18 minutes)
#
# One layer with two taps hears two samples. To know which note sounds, a network must
# hear at least one period of it, some 60 samples for a C3 at 8,000 a second, and to
# know the tune it would have to hear seconds. How many samples an output hears, the
# newest among them, is its **receptive field**. Layers without dilation add one sample
# each. With dilations 1, 2, 4, 8 they add more and more, at the same price: four layers
# are four layers.

# %%
display(course.field([1, 1, 1, 1], caption="Four layers without dilation"))
course.field([1, 2, 4, 8], caption="Four layers with dilations 1, 2, 4, 8")

# %% exercise="11.3"
from deepcomposer_edu.nn.waves import receptive_field

# %% [markdown]
# ### Spot the mistake
#
# > **Five** layers with filters of length 2 have a receptive field of 5. With
# > dilations, at the same cost, it is 16.
#
# So says the same blog.
# **Guess before you run:** which number of layers makes each of the two sentences true?

# %%
# NBVAL_CHECK_OUTPUT
for n_layers in (4, 5):
    plain, doubled = [1] * n_layers, [2**i for i in range(n_layers)]
    print(
        f"{n_layers} layers: {receptive_field(plain)} without dilation, "
        f"{receptive_field(doubled)} with {doubled}"
    )

# %% [markdown]
# <details><summary>Answer</summary>
#
# Four, both times. The well-known picture draws the input as a row of dots below the
# layers, and whoever counts rows counts five. The formula has no such doubt:
# 1 + (kernel - 1) times the sum of the dilations.
#
# </details>
#
# A formula can be asked, a network too. We change a single code that lies so many
# samples before the one that is predicted, and see whether the prediction moves:


# %%
# NBVAL_CHECK_OUTPUT
@torch.no_grad()
def hears(network: WaveNet, n_back: int) -> bool:
    """Return whether a prediction depends on the code so many samples before it."""
    codes = torch.full((1, 60), 128)
    changed = codes.clone()
    changed[0, 59 - n_back] = 200
    return bool((network(changed) != network(codes))[0, 59].any())


print("by the formula:", tiny.config.receptive_field)
print("it hears", [n_back for n_back in range(1, 40) if hears(tiny, n_back)])

# %% [markdown]
# Now in units of music. A **block** is the dilations 1, 2, 4 ... 512, and WaveNets
# repeat it. **Guess before you run:** how many blocks does it take to hear one beat
# back at 120 beats a minute?

# %%
# NBVAL_CHECK_OUTPUT
block = [2**i for i in range(10)]
for n_blocks, rate in ((1, 8_000), (2, 8_000), (3, 16_000), (12, 16_000)):
    n_samples = receptive_field(block * n_blocks)
    seconds = n_samples / rate
    print(
        f"blocks: {n_blocks:2d} at {rate:6,} a second: {n_samples:6,} samples, "
        f"{1000 * seconds:4.0f} ms, {seconds * 120 / 60:.2f} beats"
    )

# %% [markdown]
# The blog gives "about 768 ms" for a large WaveNet. The last line shows what would come
# to that: twelve blocks, 120 layers, at 16,000 samples a second. And it is a beat and a
# half. For one beat, half a second, it takes four blocks at 8,000 samples a second, and
# eight at 16,000.
#
# Try it with the microscope. Move each of its sliders once, and read the field in
# samples, milliseconds and beats; "Hear it" plays a tone as long as the field into four
# beats. What do you have to do to hear a whole bar back?

# %%
scope = ReceptiveField(n_layers=5, n_blocks=2, sample_rate=8_000)
scope

# %% [markdown]
# ## On how many paths? (19 minutes)
#
# Two networks can hear equally far and still hear differently. Between an input and an
# output lies a **path** for every way to choose one tap in each layer so that the
# delays add up. An input with one path is looked at once. One with many can be looked
# at in many ways. One with none is not heard at all: a gap.

# %% exercise="11.4"
from deepcomposer_edu.nn.waves import count_paths

# %%
stacks = {
    "1, 1, 1, 1, 1, 1, 1": [1] * 7,
    "1, 2, 4": [1, 2, 4],
    "1, 2, 1, 2, 1": [1, 2, 1, 2, 1],
    "1, 3, 3": [1, 3, 3],
}
course.paths(stacks, caption="Four stacks with a receptive field of 8 samples")

# %% [markdown]
# ### Spot the mistake
#
# > There is more than one path from an input to the output where the **filter size is
# > greater than the dilation**. So take a dilation greater than 2.
#
# Try to apply it to the dilations 1, 2, 4, 8: which of the four is "the dilation"? A
# rule needs something that is the same in all layers. Let us try the **factor** by
# which the dilation grows from layer to layer. **Guess before you run:** fill in the
# table for yourself: one, several, or gaps?


# %%
# NBVAL_CHECK_OUTPUT
def paths_in_words(paths: Sequence[int]) -> str:
    """Return what a count of paths says."""
    many = "several paths" if max(paths) > 1 else "one path"
    return many + (", gaps" if min(paths) == 0 else "")


for kernel in (2, 3, 4):
    for factor in (1, 2, 3, 4, 5):
        paths = count_paths([factor**i for i in range(3)], kernel)
        print(f"kernel {kernel}, factor {factor}: {paths_in_words(paths)}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The meaningful rule compares the kernel with the **factor**: kernel > factor gives
# several paths to some inputs, kernel = factor exactly one to each, kernel < factor one
# to each that is reached, with gaps between them. And a second rule stands beside it:
# repeating a block makes many paths whatever the factor is.
#
# </details>

# %%
# NBVAL_CHECK_OUTPUT
for n_blocks in (1, 2, 3):
    paths = count_paths([1, 2, 4, 8] * n_blocks)
    print(f"blocks: {n_blocks}; inputs: {len(paths)}; most paths to one: {max(paths)}")

# %%
course.paths(
    {f"blocks: {n}": [1, 2, 4, 8] * n for n in (1, 2, 3)},
    caption="Repeated blocks hear further, and lead many paths to the middle",
)

# %% [markdown]
# In the microscope, click an input below the tree, or go to it with the arrow keys, to
# see its paths. Then change one slider so that an input has none.

# %% [markdown]
# ## A layer with a gate (13 minutes)
#
# *A good place for a break.* Taps and matrices alone make a sound louder, softer,
# duller: whatever you stack, the result is one longer convolution. Between the layers
# something must bend. WaveNet takes a **gate**:
#
# $$z = \tanh(W_f * x) \cdot \sigma(W_g * x)$$
#
# where $*$ is the causal convolution, with the kernels $W_f$ and $W_g$. The first
# factor, from -1 to 1, says *what*. The second one, the sigmoid $\sigma$ from 0 to 1,
# says *how much of it* passes now. So a layer can wait for its moment: the attack of a
# note, say. Both come from one convolution with twice the channels.

# %% exercise="11.5"
from deepcomposer_edu.nn.waves import gated

# %% [markdown]
# What leaves the gate goes two ways. The **residual** connection adds it to the layer's
# input, so that each layer only has to say what is to be *changed*. The **skip**
# connection sends it past all further layers to the end, where the shares of all layers
# are summed. A last small network reads the 256 logits from the sum. Here is the
# course's layer, once more with your functions inside: R channels run from layer to
# layer, S to the sum. What `self.condition` adds is for later; for now it is a bias.


# %%
class MyLayer(WaveLayer):
    """A layer of a WaveNet, made of the functions of this lesson."""

    def forward(
        self, x: Tensor, local: Tensor | None = None, whole: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the next layer's input (B, N, R) and this layer's share (B, N, S)."""
        before_gate = causal_convolution(x, self.taps, self.dilation)  # (B, N, 2 R)
        before_gate = before_gate + self.condition(x.shape[1], local, whole)
        out = self.out(gated(before_gate))  # (B, N, R + S)
        return x + out[..., : self.residual], out[..., self.residual :]


class MyWaveNet(WaveNet):
    """A WaveNet of such layers."""

    def __init__(self, config: WaveNetConfig) -> None:
        super().__init__(config)
        self.layers = nn.ModuleList(MyLayer(config, d) for d in config.dilations)


# %%
course.show(WaveNet.forward)

# %% [markdown]
# Find three things in it: the one shift by a sample, the way that `x` takes from layer
# to layer, and the sum of the shares.

# %% [markdown]
# ## Train your own (7 minutes)
#
# Yours is small: one block, ten layers. It learns from pieces of clarinet melodies, cut
# out anywhere, and it is told nothing but the sound. Each of the samples of a piece is
# a question, and all are asked in one pass, because no answer sees the future. The
# training takes about two minutes.
#
# One kindness at the start: codes are names, and a network with random embeddings first
# has to find out that 128 is a neighbour of 129. The course's WaveNet begins with
# cosines of the code, so that neighbours are neighbours. Where it goes from there is
# its own affair.

# %%
torch.manual_seed(0)
mine = MyWaveNet(WaveNetConfig(residual=24, skip=32, dilations=tuple(block)))
n_weights = sum(p.numel() for p in mine.parameters())
print(f"{n_weights:,} weights, hears {mine.config.receptive_field} samples back")

learn = mu_law(torch.from_numpy(phrases.train.audio))  # (sounds, samples)
unseen = phrases.valid.audio[:4, : course.amount(8_000, quick=800)]  # of other tunes
judge = mu_law(torch.from_numpy(unseen))


def sound_loss(network: WaveNet, codes: Tensor) -> Tensor:
    """Return the mean surprise about sounds, (B, N), in nats a sample."""
    return F.cross_entropy(network(codes).flatten(0, 1), codes.flatten())


def learn_sounds(network: WaveNet, n_steps: int, length: int = 1_500) -> list[dict]:
    """Train a network on pieces of the melodies; return its history."""
    random, rows = torch.Generator().manual_seed(0), []
    adam = torch.optim.Adam(network.parameters(), lr=4e-3)
    for step in range(1, n_steps + 1):
        adam.param_groups[0]["lr"] = 4e-3 * (1 - (step - 1) / n_steps)
        which = torch.randint(len(learn), (2,), generator=random)
        begin = torch.randint(learn.shape[1] - length, (2,), generator=random)
        pairs = zip(which, begin, strict=True)
        pieces = torch.stack([learn[i, b : b + length] for i, b in pairs])
        loss = sound_loss(network, pieces)
        adam.zero_grad()
        loss.backward()
        adam.step()
        if step % 200 == 0 or step == n_steps:
            with torch.no_grad():
                judged = sound_loss(network, judge).item()
            rows.append({"step": step, "loss": loss.item(), "valid_loss": judged})
    return rows


n_steps = course.steps(2_000, quick=2)
history = learn_sounds(mine, n_steps)
print(f"{n_steps} steps: {history[-1]['valid_loss']:.2f} nats a sample")

# %%
course.curves(history, "loss", "valid_loss", title="Your WaveNet learns")

# %% [markdown]
# ## Make it many times faster yourself (24 minutes)
#
# Training asks thousands of questions in one pass. Composing cannot: the next question
# contains the last answer. The plain, or **naive**, way runs the whole network over
# everything that it can hear, for every single sample:


# %%
SILENCE = 128
heard = learn[:1, 4_000:5_100]  # (1, 1,100), more than it can hear; it is to go on


@torch.no_grad()
def slowly(
    network: WaveNet, heard: Tensor, n: int, temperature: float, chances: Tensor
) -> Tensor:
    """Return n codes that follow; each is asked for from scratch."""
    codes = torch.cat([heard, torch.full((1, n), SILENCE)], dim=1)
    n_heard, field = heard.shape[1], network.config.receptive_field
    for t in range(n_heard, n_heard + n):
        logits = network(codes[:, t - field : t + 1])[:, -1]  # (1, 256)
        codes[:, t] = draw(logits, chances[t - n_heard :][:1], temperature)
    return codes[0, n_heard:]


chances = torch.rand(course.amount(40, quick=5), dtype=torch.float64)  # the dice
begin = time.process_time()
slow_codes = slowly(mine, heard, len(chances), 0.9, chances)
slow_rate = len(chances) / (time.process_time() - begin)
print(f"{slow_rate:.0f} samples a second; {RATE / slow_rate:.0f} s for one of sound")

# %% [markdown]
# Where does the time go? For sample 1,000 the first layer computes a thousand outputs.
# For sample 1,001 it computes a thousand again, and 999 of them are the same as before:
# the network is causal, so what came later cannot have changed them.
#
# So keep them. A layer with dilation 4 needs two inputs: the one that comes now, and
# the one that came four samples ago. A **queue** of four remembers what lies between:
# each new input joins at the end, the oldest one leaves at the front, when it is
# needed. This is Fast WaveNet (Le Paine and others, 2016).

# %% exercise="11.6"
from deepcomposer_edu.nn.waves import queue_step


# %%
@torch.no_grad()
def quickly(
    network: WaveNet, heard: Tensor, n: int, temperature: float, chances: Tensor
) -> Tensor:
    """Return n codes that follow; each layer keeps what it will need again."""
    width, n_heard = network.config.residual, heard.shape[1]
    queues = [torch.zeros(1, d, width) for d in network.config.dilations]
    codes, newest = [*heard[0][:, None]], torch.tensor([SILENCE])
    for t in range(n_heard + n):
        x, total = network.embed(newest), 0  # (1, R)
        for i, layer in enumerate(network.layers):
            y, queues[i] = queue_step(x, queues[i], layer.taps)
            out = layer.out(gated(y + layer.bias))  # (1, R + S)
            x, total = x + out[:, : layer.residual], total + out[:, layer.residual :]
        if t >= n_heard:
            logits = network.read(total)  # (1, 256)
            codes.append(draw(logits, chances[t - n_heard :][:1], temperature))
        newest = codes[t]
    return torch.cat(codes[n_heard:])


quick_codes = quickly(mine, heard, len(chances), 0.9, chances)
print("the same codes:", bool((slow_codes == quick_codes).all()))

# %% [markdown]
# The same codes: nothing was approximated, only not computed twice. **Guess before you
# run:** if the receptive field becomes twice as long, what happens to the gain?


# %%
def samples_a_second(way: Callable, n_blocks: int, n_heard: int, n: int) -> float:
    """Return how many codes a second a network of so many blocks gives."""
    config = WaveNetConfig(residual=24, skip=32, dilations=tuple(block * n_blocks))
    network, before = MyWaveNet(config), torch.full((1, n_heard), SILENCE)
    begin = time.process_time()
    way(network, before, n, 0.9, torch.rand(n, dtype=torch.float64))
    return n / (time.process_time() - begin)


for n_blocks in (1, 2, 4, 8)[: course.amount(4, quick=1)]:
    field = receptive_field(block * n_blocks)
    slow = samples_a_second(slowly, n_blocks, field, course.amount(10, quick=2))
    quick = samples_a_second(quickly, n_blocks, 0, course.amount(300, quick=20))
    print(
        f"blocks: {n_blocks}, hears {field:5,} samples: {slow:4.0f} a second, with "
        f"queues {quick:5,.0f}, {quick / slow:.0f} times as many"
    )

# %% [markdown]
# The naive loop does work in proportion to all the *samples* that are heard, times the
# layers; the queues in proportion to the *layers* alone. So the gain grows with the
# receptive field: where the field is long, twice the field gives about twice the gain.
# (How fast a network is does not depend on what it has learned, so these have learned
# nothing.)
#
# What remains is torch itself: each of the many small steps costs it more than the
# arithmetic in it. The course's own generator does the same in machine code, if numba
# is installed, and plays your network, too. On one core of ours the larger network that
# you heard at the beginning says 71 numbers a second the naive way, 621 with queues and
# 47,600 with numba, six times as many as its sound needs. And yours?

# %%
engines = ("queue",) if course.is_quick() else ("queue", "auto")
for engine in engines:
    generate(mine, 100, engine=engine)  # the first call may have to compile
    begin, n_samples = time.process_time(), course.amount(4_000, quick=50)
    generate(mine, n_samples, engine=engine)
    rate = n_samples / (time.process_time() - begin)
    print(f"{engine:6s}{rate:9,.0f} samples a second, {rate / RATE:.1f}x real time")

# %% [markdown]
# ## It wanders (12 minutes)
#
# One second of a melody, and then your network goes on alone, three times with other
# dice. It has no score and nobody tells it anything: it has its own samples to go by.


# %%
def notes_heard(audio: np.ndarray, seconds: float = 0.2) -> str:
    """Return the note in each fifth of a second, "-" where there is no clear one."""
    size, names = round(seconds * RATE), []
    for first in range(0, len(audio) - size + 1, size):
        hertz = fundamental(audio[first : first + size], RATE)
        if math.isnan(hertz):
            names.append("-")
        else:
            names.append(note_name(round(69 + 12 * math.log2(hertz / 440))))
    return " ".join(names)


begin_with, n_samples = learn[0, : course.amount(8_000, quick=200)], learn.shape[1]
wandering = {}
for seed in range(course.amount(3, quick=1)):
    n = course.amount(n_samples, quick=400)
    how = {"temperature": 0.9, "seed": seed, "engine": ENGINE}
    codes = generate(mine, n, primer=begin_with, **how)
    wandering[seed] = mu_law_decode(codes).numpy()
    what = f"A second of the melody, then your WaveNet, dice {seed}"
    display(course.play(wandering[seed], what, sample_rate=RATE))
    print("   ", notes_heard(wandering[seed]))
melody = phrases.train.audio[0]
display(course.play(melody, "As it goes on in the tune", sample_rate=RATE))
print("   ", notes_heard(melody))

# %%
course.spectrogram(
    {"a second of the melody, then your WaveNet": wandering[0], "the tune": melody},
    RATE,
    caption="Frequencies over time",
)

# %% [markdown]
# Judge it as you would a player. Does it sound like *an* instrument? Does it hold a
# note? And where does it go from there? Look for three faults: it stumbles through
# noise between two notes; it sticks to one note, or comes back to it again and again;
# it does not take up the tune. Two minutes of training are one reason. The other one
# would stay after two months.
#
# It hears 128 milliseconds. At 120 beats a minute a beat lasts 500. When a note is held
# longer than 128 milliseconds, the network no longer hears when it began, let alone
# which note came before it. Here is what that means, without any network: we cut the
# melody into pieces as long as the receptive field, and shuffle them. A network that
# hears no further would find *each piece*, by itself, as good as before.

# %%
random = np.random.default_rng(0)


def shuffled(audio: np.ndarray, n_samples: int) -> np.ndarray:
    """Return a sound cut into pieces of so many samples, in another order."""
    pieces = [audio[i : i + n_samples] for i in range(0, len(audio), n_samples)]
    ramp = np.minimum(1, np.arange(n_samples) / 40)  # without it each cut would click
    soft = [piece * (ramp * ramp[::-1])[: len(piece)] for piece in pieces]
    return np.concatenate([soft[i] for i in random.permutation(len(soft))])


for n_blocks in (1, 4, 12)[: course.amount(3, quick=1)]:
    field = receptive_field(block * n_blocks)
    what = f"In pieces of {1000 * field / RATE:.0f} ms, shuffled"
    display(course.play(shuffled(melody, field), what, 4, RATE))

# %% [markdown]
# The timbre survives in the shortest pieces, some notes stay whole in longer ones, and
# how the tune goes is in none of them. So it is with WaveNet: good where all that
# matters is near, as in the sounds of speech, and lost in music, which lives on what
# was half a minute ago. Dieleman, van den Oord and Simonyan (2018) say of such networks
# that they capture local structure at the expense of correlations over a long time, and
# build on codes instead of samples: that is lesson 12.

# %% [markdown]
# ## Tell it the note (12 minutes)
#
# There is another way out: do not ask it to remember what you can tell it. A
# **condition** is one more input to each layer's gate. What holds for the whole sound,
# such as the instrument, is a **global** condition, one vector for all samples; what
# changes, such as where in its course a note is, is a **local** one, a vector for each
# sample:
#
# $$z = \tanh(W_f * x + V_f h + U_f c_t) \cdot \sigma(W_g * x + V_g h + U_g c_t)$$
#
# with $h$ = `whole`, $c_t$ = `local` and a matrix for each: $V_f$, $V_g$, $U_f$, $U_g$.
# The network that you heard at the beginning gets the instrument as an embedding
# (lesson 03), how hard the key is struck and how high the note is as `whole`; and as
# `local` whether the key is down, how long ago it was struck and let go, and the
# **phase**, the place within a period, of the note that is wanted: sines and cosines
# that turn as fast as its first four **harmonics**, which are one, two, three and four
# times its frequency.
#
# It learned from single notes of the course's synthesizer, C2 to C6. Two things were
# done for it: it was told the phase that each of these notes really had, and its past
# was spoilt with noise, or silenced for a while, so that it knows how to get back when
# its own samples are not perfect.

# %%
one_key = torch.tensor([0]), torch.tensor([100])  # instrument, velocity
local, whole = player.condition(torch.tensor([60.0]), *one_key, RATE, held=0.8)
print("local:", tuple(local.shape), "sounds, samples, numbers")
print("whole:", tuple(whole.shape), "sounds, numbers")
names = ("sine of the phase", "of its octave", "of its twelfth")
told = {name: local[0, :, i].numpy() for i, name in enumerate(names)}
what = "What it is told of C4: the sines of three harmonics"
course.waveform(told, RATE, first=0.1, seconds=0.015, caption=what)

# %% [markdown]
# Does it play what it is told? Measure it: ask for notes, and look for the fundamental
# frequency, that of the first harmonic, of what comes. It is looked for within four
# semitones of the note; `nan` says that nothing clear was found. The difference is told
# in **cents**, 100 to a semitone. **Guess before you run:** which instrument will be
# the worst?

# %%
asked = list(range(48, 73, 4))[: course.amount(7, quick=2)]
for instrument in player.config.instruments[: course.amount(4, quick=1)]:
    sounds = play_notes(asked, instrument, seconds=0.5, held=0.5)
    offs = []
    for pitch, sound in zip(asked, sounds, strict=True):
        wanted = 440 * 2 ** ((pitch - 69) / 12)
        offs.append(cents(fundamental(sound, RATE, near=wanted), wanted))
    listed = " ".join(f"{off:+5.0f}" for off in offs)
    print(f"{instrument:12s} off by {listed} cents")

# %% [markdown]
# Most are within a few cents, too few to hear. Not all need be: when the course asked
# for 100 notes and looked for the pitch everywhere, 96 were within 30 cents. The four
# others were all the organ's, the instrument that this network learned worst.
#
# **Guess before you run:** now it is told two different things at once. The `whole` of
# one note, the phase of another, seven semitones higher. Which of the two does it play?

# %%
n_samples = course.amount(RATE // 2, quick=400)
for i, instrument in enumerate(player.config.instruments[: course.amount(4, quick=1)]):
    key = torch.tensor([i]), torch.tensor([100])
    low = player.condition(torch.tensor([55.0]), *key, n_samples)
    high = player.condition(torch.tensor([62.0]), *key, n_samples)
    codes = generate(
        player.wavenet, n_samples, high[0], low[1], TEMPERATURE, engine=ENGINE
    )
    torn = mu_law_decode(codes[0]).numpy()
    print(f"{instrument:12s} whole of G3, phase of D4, plays {notes_heard(torn, 0.25)}")
    what = f"Torn between G3 and D4, {instrument}"
    display(course.play(torn, what, sample_rate=RATE))

# %% [markdown]
# Whoever wants to know which of its inputs a network uses should let them disagree.
#
# What it cannot do: it has no say in *which* notes come. What the wandering lacked, a
# plan, is now yours, or that of a network of the earlier lessons that writes scores. A
# fair division of labour: one network for the notes, one for the sound.

# %% [markdown]
# ## Play with it (6 minutes)
#
# Your tune, in your instrument. Choose one, then run the cells below.

# %%
choice = course.choose_tune(first="twinkle-twinkle")
choice

# %%
instrument = player.config.instruments[-1]  # or another one
heard = play_tune(choice.score, instrument, course.amount(10, quick=1))
course.play(heard, f"{choice.score.title}, a WaveNet as {instrument}", sample_rate=RATE)

# %% [markdown]
# Things to try: another `temperature` in `play_notes` (`TEMPERATURE`, 0.2, is so low
# that the dice hardly matter; at 1.2 you hear them); pitches between the keys, such as
# 60.5; a note far below 36, the lowest that it has learned.

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("11")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Train yours with `dilations=(1,) * 10` instead, ten layers without dilation. What
#   becomes of its loss, and can it hold a note?
# - `nn.init.normal_(mine.embed.weight)` and the same for `mine.logits.weight`, before
#   the training, takes the kindness back. How many steps does it cost?
# - Take `equal_steps` codes instead of mu-law for training. Where do you hear it?
# - Give `slowly` and `quickly` networks of one, two and three blocks, and plot the
#   seconds that each takes for a sample. Which curve is straight?
# - `queue_step` is for two taps. Write one for three.
# - From the shell, `deepcomposer train wavenet --data FOLDER --out my_run` trains a
#   WaveNet on recordings of single notes of your own. What it learned is an instrument:
#   `compose("ode-to-joy", instruments="wavenet:my_run#NAME")`, where NAME is that of
#   the folder inside FOLDER that held the notes.
#
# ## What you learned
#
# - to **turn** sound into 256 numbers and back, and to **hear** what is lost
# - to **build** a network that hears the past only, and to **prove** it
# - to **tell** how far back a network hears, in samples, milliseconds and beats, and on
#   how many paths
# - to **make** it fast, and to **judge** what it can keep in mind and what it cannot
#
# ## References
#
# - International Telecommunication Union, 1988. Recommendation G.711: Pulse Code
#   Modulation (PCM) of Voice Frequencies.
# - van den Oord, A., Dieleman, S., Zen, H., Simonyan, K., Vinyals, O., Graves, A.,
#   Kalchbrenner, N., Senior, A. and Kavukcuoglu, K., 2016. WaveNet: A Generative Model
#   for Raw Audio.
# - Le Paine, T., Khorrami, P., Chang, S., Zhang, Y., Ramachandran, P.,
#   Hasegawa-Johnson, M. A. and Huang, T. S., 2016. Fast Wavenet Generation Algorithm.
# - Dieleman, S., van den Oord, A. and Simonyan, K., 2018. The Challenge of Realistic
#   Music Generation: Modelling Raw Audio at Scale.
