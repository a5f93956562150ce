# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 12 Sounds into codes
#
# At the end of this lesson a chorale sounds on an instrument that nobody has built: one
# voice is an organ, one comes from space, and two are mixtures.
#
# *175 minutes to read and do, best in two sittings: a good place for a break is before
# "Argmax". One core of your computer works for about 2 minutes. You need some Python,
# and torch as far as `backward`. Lesson needed first: 11; 08 helps.*

# %% [markdown]
# ## What you will be able to do
#
# - **mix** instruments by their codes, and **hear** what that has to do with mixing
#   their waves
# - **build** a codebook that learns, and **wake** the codes that die
# - **compare** two ways to make codes, and **compute** how far a stack of them reaches
# - **train** a population instead of one network, and **read** its family tree
# - **play** your own music with timbres of your own

# %% [markdown]
# ## Set-up (1 minute)

# %%
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu import course
from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.raw_sound.rendering import render_raw
from deepcomposer_edu.corpora.sounds import note_sounds, phrase_sounds
from deepcomposer_edu.models.ada import load_ada
from deepcomposer_edu.models.ada_stack import load_ada_stack
from deepcomposer_edu.models.nsynth import load_nsynth
from deepcomposer_edu.models.sound_codes import blend, load_note_codes
from deepcomposer_edu.models.translation import translate
from deepcomposer_edu.music.grid import from_grid, to_grid
from deepcomposer_edu.music.sound_measures import spectral_distance
from deepcomposer_edu.nn.population import SHARE, Population, Turn, explore
from deepcomposer_edu.nn.quantise import (
    COMMITMENT,
    argmax_one_hot,
    code_use,
    diversity_loss,
    perplexity,
    share_used,
)
from deepcomposer_edu.training.ada_crops import usual_sounds

torch.set_num_threads(1)  # the networks are small: more threads would gain little
course.setup(seed=0, lesson="12")

# %% [markdown]
# ## Listen first (5 minutes)
#
# An organ, and a lead sound from space. Between them are three instruments that do not
# exist. All five are one network that is told different numbers.

# %%
nsynth = load_nsynth()
RATE, HOP = nsynth.config.rate, nsynth.config.hop
INSTRUMENTS = list(nsynth.config.instruments)
ORGAN, SPACE = INSTRUMENTS.index("organ"), INSTRUMENTS.index("space-lead")
PITCH = 57  # A3
stored = load_note_codes()  # of single notes, as the encoder wrote them
note_codes = stored.at(PITCH)  # (M, F, 16): each instrument, each frame
note_codes = note_codes[:, : course.amount(note_codes.shape[1], quick=3)]


def between(share: float) -> Tensor:
    """Return weights of all instruments: so much space, the rest organ; (M,)."""
    weights = torch.zeros(len(INSTRUMENTS))
    weights[SPACE], weights[ORGAN] = share, 1 - share
    return weights


SHARES = [0, 0.25, 0.5, 0.75, 1]
mixed_codes = torch.stack([blend(note_codes, between(share)) for share in SHARES])
morph = nsynth.decode(mixed_codes, PITCH, seed=0)  # (5, N)
course.play(np.concatenate(list(morph)), "From organ to space", sample_rate=RATE)

# %% [markdown]
# Listen to the middle again. Is it *two* instruments at once, or *one* that you do not
# know? And here are the waves themselves, mixed in the same five ways, as two
# loudspeakers would mix them in the air:

# %%
notes = note_sounds(
    instruments=INSTRUMENTS, pitches=[PITCH], velocities=[stored.velocity]
)
n_samples = morph.shape[1]
organ, space = (
    np.pad(notes.audio[i], (0, n_samples))[:n_samples] for i in (ORGAN, SPACE)
)
added = [(1 - share) * organ + share * space for share in SHARES]
course.play(np.concatenate(added), "The same, with the waves added", sample_rate=RATE)

# %% [markdown]
# ## A sound in a few numbers (18 minutes)
#
# The WaveNet of lesson 11 was told an instrument and a pitch. It knows four
# instruments, and has no place for a fifth. **NSynth** (Engel and others, 2017) let a
# second network find out what there is to tell. An **encoder** listens to the sound and
# says a few numbers for each short **frame** of `HOP` samples: the **code**. The
# **decoder**, a WaveNet, hears these numbers while it makes the sound anew, sample by
# sample. Both learn together, and nobody tells them what the numbers should mean:
# whatever helps the decoder is good.
#
# Such a pair is an **autoencoder**: its output should equal its input. The code between
# them is narrow, so that only what matters gets through.
#
# The encoder looks at what comes before each moment and at what comes after it, with
# dilated convolutions that are *not* causal, and takes the mean over each frame. In the
# paper a code of 16 numbers stands for 512 samples at 16,000 a second. Ours is a toy,
# and its decoder did not begin from nothing, but with layers of lesson 11's network. In
# figures:

# %%
for name, value in (("samples a second", RATE), ("frames a second", RATE / HOP)):
    print(f"{name:22s}{value:8.0f}")
print(f"{'numbers in a code':22s}{nsynth.config.width:8d}")
print(f"samples for each number of a code: {HOP / nsynth.config.width:.0f}")

# %% [markdown]
# The codes of two notes as time goes by. Each row is one of the 16 numbers. **Guess
# before you run:** at which moments do they change most?

# %%
seconds = note_codes.shape[1] * HOP / RATE
two = ("organ", "harpsichord")
course.sound_codes(
    {name: note_codes[INSTRUMENTS.index(name)].numpy() for name in two},
    seconds,
    caption="The codes of two instruments, one number in each row",
)

# %% [markdown]
# They change where the note begins, and where the key is let go. In between hardly
# anything has to be said, and a harpsichord's string, which fades, needs other numbers
# than an organ's pipe.
#
# To **morph** is to mix the codes and decode the mixture:
#
# $$\text{code} = \sum_m w_m \, \text{code}_m, \qquad \sum_m w_m = 1$$
#
# where the weights $w_m$ say how much of each instrument $m$ there is. That is what
# `blend` did above. (This decoder is also told the pitch. So the mixtures stay in tune;
# without it, the code would have to hold the pitch, too.)
#
# How good is it? The **spectral distance** says how far apart two sounds are in what
# the ear cares about, which frequencies are loud when: 0 dB is the same sound. For each
# of the five sounds, its distance from the real organ and from the real space lead:

# %%
print("share of space   codes: organ  space      waves: organ  space")
for i, share in enumerate(SHARES):
    far = [
        spectral_distance(sound, goal, RATE)
        for sound in (morph[i], added[i])
        for goal in (organ, space)
    ]
    row = f"{far[0]:8.1f} {far[1]:6.1f} {far[2]:15.1f} {far[3]:6.1f}"
    print(f"{share:9.0%}       {row}")

# %% [markdown]
# Read the columns from top to bottom. At the ends (0 % and 100 %) the waves are the
# recordings themselves and have a distance of 0; the decoded ones do not, and how far
# they are off is how well the autoencoder works. By this measure, badly: is the decoded
# organ nearer to the organ or to the space lead? In `benchmarks/RESULTS.md` no decoded
# note comes as near to its recording as a sum of waves with a tenth of another
# instrument in it. Decibels count in every band alike, so a little hiss where the organ
# is silent weighs as much as the tone. Two figures there are better: all 34 notes are
# within 30 cents of their pitch, and 77 % of the steps from one instrument to another
# lead the right way.
#
# In the middle rows the added waves are near to both in these figures, since both
# instruments are there. The figure cannot say whether you hear one instrument or two.
# Your ears can.

# %% [markdown]
# ### The morph pad
#
# Four corners, four instruments. Drag the point, or focus it and use the arrow keys;
# choose a pitch on the small keyboard. Switch between "Mix of codes" and "Mix of
# waveforms" and compare by ear. Each sound is decoded when you first ask for it, which
# takes a moment.

# %%
pad = course.morph_pad()
pad

# %% [markdown]
# ## Why codes? (8 minutes)
#
# The numbers of NSynth are real numbers: between any two of them there is another. That
# is fine for morphing. But remember the networks of lessons 04, 09 and 10: they choose
# one of a *few* symbols at a time, with a softmax. Could sound be written in symbols,
# too, whose meaning is learned, and not decided by a human as in MIDI?
#
# That is what an **autoregressive discrete autoencoder**, ADA for short, does (Dieleman
# and others, 2018): like NSynth, but each frame becomes one of $K$ codes. From here on
# a code is such a symbol, a number from 0 to $K - 1$. There are four reasons to want
# that:
#
# - **Abstraction.** What cannot be said with $K$ codes must be left to the decoder.
#   Noise in the recording is not worth a code; another note is.
# - **Control.** A code can be replaced, repeated, moved. Whoever writes codes writes
#   music with them.
# - **Compression.** You will count the bits below.
# - **Stacking.** A sequence of symbols is what a network of lesson 10 or 11 reads. So
#   the codes can be modelled by one more network, which sees much further back. That
#   was the aim: WaveNet's sounds are good and its music wanders, as you heard in
#   lesson 11.
#
# **Guess before you run:** how many times fewer bits than the samples?

# %%
ada = load_ada("vq")
sizes = {
    "8-bit samples": ada.config.rate * 8,
    "NSynth, 16-bit numbers": RATE / HOP * nsynth.config.width * 16,
    f"one of {ada.config.n_codes} codes": ada.config.bits_per_second,
}
for name, bits in sizes.items():
    print(f"{name:24s}{bits:9,.0f} bits a second")

# %% [markdown]
# ## The nearest code (14 minutes)
#
# How does one make one of $K$ codes of a vector? **Vector quantisation**, VQ (van den
# Oord and others, 2017): keep a **codebook**, a list of $K$ vectors $e_1 \dots e_K$.
# The encoder says a vector $z$; the nearest one in the book is taken in its place, and
# which one that is, is the code.
#
# $$\text{code} = \arg\min_k \lVert z - e_k \rVert^2, \qquad q = e_\text{code}$$
#
# Rounding to the nearest semitone is the same in one dimension: 440 Hz and 442 Hz both
# become A4. Try it in two: three frames of sound, each described by its loudness and
# its brightness, and a book of four.

# %%
# NBVAL_CHECK_OUTPUT
book = torch.tensor([[0.0, 0.0], [0.9, 0.2], [0.8, 0.9], [0.2, 0.8]])
names = ["silent", "loud and dark", "loud and bright", "soft and bright"]
frames = torch.tensor([[0.7, 0.3], [0.1, 0.2], [0.4, 0.9]])
for frame in frames:
    lengths = (frame - book).norm(dim=-1)
    far = ", ".join(f"{x:.2f}" for x in lengths.tolist())
    said = f"({frame[0]:.1f}, {frame[1]:.1f})"
    print(f"{said}: distances {far} -> {names[int(lengths.argmin())]}")

# %% exercise="12.1"
from deepcomposer_edu.nn.quantise import nearest_code

# %% [markdown]
# ## A gradient past the choice (20 minutes)
#
# Nudge a vector a little: the same code is still the nearest, so nothing changes, and
# the gradient is 0. Nudge it across a border: everything jumps. There is nothing that a
# gradient could say about such a stair, so nothing would tell the encoder what to do
# better.
#
# You know the way out from lesson 08: the **straight-through** trick. Forward, the
# decoder gets $q$. Backward, we act as if it had got $z$, and hand $z$ the gradient
# that arrived at $q$:
#
# $$\text{forward: } q \qquad \text{backward: } \frac{\partial L}{\partial z} :=
#   \frac{\partial L}{\partial q}$$
#
# where $L$ is the loss. What $z$ gets is not the true gradient, but a good guess as
# long as $z$ and $q$ are near.

# %% exercise="12.2"
from deepcomposer_edu.nn.quantise import straight_through

# %%
# NBVAL_CHECK_OUTPUT
said = torch.tensor([0.7, 0.3], requires_grad=True)
chosen = torch.tensor([0.9, 0.2])
passed_on = straight_through(said, chosen)
wish = torch.tensor([5.0, -1.0])  # what the decoder would like to be changed
(passed_on * wish).sum().backward()
for what, numbers in (("passed on", passed_on), ("gradient", said.grad)):
    print(f"{what:10s}", [round(x, 2) for x in numbers.tolist()])

# %% [markdown]
# But now nobody moves the vectors $e$ of the codes. So they get a loss of their own,
# and the encoder one that holds it to them:
#
# $$L_\text{VQ} = \lVert \text{sg}[z] - e \rVert^2 +
#   \beta \, \lVert z - \text{sg}[e] \rVert^2$$
#
# sg is **stop gradient**, `detach` in torch. The first term moves the code $e$ to the
# vectors that chose it; the second one, the **commitment**, keeps $z$ from running away
# from its code. $\beta$ (`commitment` in Python) says how much that counts; van den
# Oord and others took 0.25. As numbers, both distances are the same. Only their
# gradients differ.

# %% exercise="12.3"
from deepcomposer_edu.nn.quantise import vq_loss

# %% [markdown]
# ## Your own codebook (22 minutes)
#
# Time to learn one. A WaveNet as decoder would take hours here, so we take something
# that takes seconds, and come back to WaveNet with trained ones: we let the decoder say
# the **spectrum** of a frame, how loud each frequency is, instead of its samples. The
# sounds are notes of four instruments over two octaves. Some pairs of instrument and
# pitch are not learned from, but kept to judge by.

# %%
WINDOW, STEP = 512, 160  # samples of a frame, and from one frame to the next
N_BINS = WINDOW // 2 + 1
window = torch.hann_window(WINDOW)
played = note_sounds()


def spectrum(audio: np.ndarray) -> Tensor:
    """Return the complex spectrum of each frame of sounds (B, N): (B, F, bins)."""
    sound = torch.from_numpy(audio)
    parts = torch.stft(sound, WINDOW, STEP, window=window, return_complex=True)
    return parts.transpose(1, 2)


def loudness(spectra: Tensor) -> Tensor:
    """Return how loud each frequency is, as the ear counts: a logarithm."""
    return torch.log1p(400 * spectra.abs() / WINDOW)


learn_frames = loudness(spectrum(played.train.audio)).flatten(0, 1)  # (frames, bins)
unseen = spectrum(played.valid.audio)  # (B, F, bins)
judge_frames = loudness(unseen)
print(f"{len(played)} notes; {len(learn_frames)} frames of {N_BINS} numbers to learn")

# %% [markdown]
# The network: two layers down to a vector of 8 numbers, your codebook of 64 codes, two
# layers up. All that is special stands in `loss`, and that is your three
# functions.


# %%
class CodedFrames(nn.Module):
    """An encoder, a codebook and a decoder of spectra."""

    def __init__(self, said: int = 8, n_codes: int = 64, width: int = 8) -> None:
        super().__init__()
        self.n_codes, self.commitment = n_codes, COMMITMENT
        self.encoder = nn.Sequential(
            nn.Linear(N_BINS, 128), nn.ReLU(), nn.Linear(128, said)
        )
        self.codebook = nn.Parameter(torch.randn(n_codes, width))
        self.decoder = nn.Sequential(
            nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, N_BINS)
        )

    def codes(self, frames: Tensor) -> Tensor:
        """Return the codes of frames (..., bins): (...)."""
        return nearest_code(self.encoder(frames), self.codebook)

    def heard(self, codes: Tensor) -> Tensor:
        """Return the spectra that codes (...) stand for: (..., bins)."""
        return self.decoder(self.codebook[codes])

    def loss(self, frames: Tensor) -> Tensor:
        """Return the loss of frames (B, bins)."""
        vectors = self.encoder(frames)
        chosen = self.codebook[nearest_code(vectors.detach(), self.codebook.detach())]
        decoded = self.decoder(straight_through(vectors, chosen))
        return F.mse_loss(decoded, frames) + vq_loss(vectors, chosen, self.commitment)


@torch.no_grad()
def judged(network: CodedFrames) -> dict[str, float]:
    """Return the error on unseen notes, and how many codes are in use."""
    codes = network.codes(judge_frames)
    error = F.mse_loss(network.heard(codes), judge_frames).item()
    used, n_codes = share_used(codes, network.n_codes), network.n_codes
    return {"error": error, "used": used, "perplexity": perplexity(codes, n_codes)}


def learn(
    network: CodedFrames, n_steps: int, rate: float = 1e-3, seed: int = 0
) -> list[dict[str, float]]:
    """Train a network on frames; return what was measured every 50 steps."""
    random, rows = torch.Generator().manual_seed(seed), []
    adam = torch.optim.Adam(network.parameters(), lr=rate)
    for step in range(1, n_steps + 1):
        chosen = torch.randint(len(learn_frames), (256,), generator=random)
        loss = network.loss(learn_frames[chosen])
        adam.zero_grad()
        loss.backward()
        adam.step()
        if step % 20 == 0:
            tidy_up(network, learn_frames[chosen], random)
        if step % 50 == 0 or step == n_steps:
            rows.append({"step": step, **judged(network)})
    return rows


def tidy_up(network: CodedFrames, frames: Tensor, random: torch.Generator) -> None:
    """Do nothing yet; you will."""


N_STEPS = course.steps(600, quick=2)
torch.manual_seed(0)
first = CodedFrames()
first_rows = learn(first, N_STEPS)
row = first_rows[-1]
print(f"error {row['error']:.3f}; {row['used']:.0%} of 64 codes are in use")

# %% [markdown]
# Before you read on, listen. The first line is the original; in the second one each
# frame has the spectrum that its code stands for. (The phases, where in its swing each
# frequency is, are still those of the original: the codes say nothing of them.)


# %%
@torch.no_grad()
def sound_of(network: CodedFrames, i: int) -> np.ndarray:
    """Return unseen note i, each frame as loud as its code says, (N,)."""
    spectra = unseen[i]
    told = network.heard(network.codes(judge_frames[i])).clamp(min=0)
    magnitudes = torch.expm1(told) * WINDOW / 400
    parts = torch.polar(magnitudes, spectra.angle()).T[None]  # (1, bins, F)
    return torch.istft(parts, WINDOW, STEP, window=window)[0].clamp(-1, 1).numpy()


some = list(range(0, len(played.valid), len(played.valid) // 6))
real = np.concatenate([played.valid.audio[i][:6000] for i in some])
coded = np.concatenate([sound_of(first, i)[:6000] for i in some])
for what, sound in (("Some unseen notes", real), ("Through your codes", coded)):
    display(course.play(sound, what, sample_rate=played.rate))


# %%
@torch.no_grad()
def counted(network: CodedFrames) -> np.ndarray:
    """Return how often each code is used for unseen notes, (K,)."""
    codes = network.codes(judge_frames).flatten()
    return torch.bincount(codes, minlength=network.n_codes).numpy()


course.code_use({"your codes": counted(first)}, "How often each code is used")

# %% [markdown]
# A **collapse**. Nearly all frames become the same code or two, however they sound.
# What has happened? At the start the codes lie anywhere, and the encoder's vectors all
# lie close together. One or two codes happen to be nearest to all of them. These get
# gradients and move towards the vectors, and the vectors towards them; so they are
# nearer still. All the others are chosen by nobody, get no gradient, and never move
# again: **dead codes**. Is it bad luck with the seed? Take another one and see.
#
# Two measures to watch. How many of the codes occur at all, and the **perplexity**, e
# to the entropy of how often each occurs: how many codes, all used alike, would be as
# varied as these. It is 1 in a total collapse and 64 if all are used alike.
#
# A dead code should come back where the encoder's vectors are.

# %% exercise="12.4"
from deepcomposer_edu.nn.quantise import revive_codes


# %%
@torch.no_grad()
def tidy_up(network: CodedFrames, frames: Tensor, random: torch.Generator) -> None:
    """Wake the codes that none of the frames has chosen."""
    vectors = network.encoder(frames)
    used = torch.bincount(network.codes(frames), minlength=network.n_codes)
    network.codebook.copy_(revive_codes(network.codebook, used, vectors, random))


torch.manual_seed(0)
second = CodedFrames()
second_rows = learn(second, N_STEPS)
for what, rows in (("without", first_rows), ("with", second_rows)):
    row = rows[-1]
    print(
        f"{what:8s}revival: error {row['error']:.3f}, {row['used']:4.0%} in use, "
        f"perplexity {row['perplexity']:4.1f}"
    )

# %%
both = {"not revived": counted(first), "revived": counted(second)}
display(course.code_use(both, "How often each code is used"))
coded = np.concatenate([sound_of(second, i)[:6000] for i in some])
course.play(coded, "Through the codes that were revived", sample_rate=played.rate)

# %% [markdown]
# And what do the codes mean? Nobody told them. Look at four notes of the same pitch:

# %%
C4 = 60
which = [
    i for i in range(len(played)) if played.pitch[i] == C4 and played.velocity[i] == 85
]
with torch.no_grad():
    written = {
        played.instruments[played.instrument[i]]: second.codes(
            loudness(spectrum(played.audio[i : i + 1]))[0]
        ).numpy()
        for i in which
    }
course.sound_codes(written, played.seconds, caption="C4 by four instruments, in codes")

# %% [markdown]
# ## Argmax (18 minutes)
#
# *A good place for a break.* Codebooks that collapse are the reason why Dieleman and
# others looked for a second way. Their **argmax autoencoder** has no codebook to be
# near to. The encoder says $K$ scores, one for each code, and the largest one wins. The
# scores are first made into shares of a whole:
#
# $$s_k = \frac{\max(x_k, 0)}{\sum_j \max(x_j, 0)}$$
#
# The winner gets 1 and the others 0, and the gradient goes straight through, as before,
# to the shares.

# %% exercise="12.5"
from deepcomposer_edu.nn.quantise import argmax_shares

# %% [markdown]
# ### Spot the mistake
#
# > The argmax autoencoder applies a softmax to the embedding, and then the argmax.
#
# <details><summary>Answer</summary>
#
# The paper has ReLU and a division by the sum, as you wrote it. A softmax is never
# exactly 0 or 1, so between what the encoder said and what the decoder hears there is
# always a gap. Shares that are cut off at 0 *can* be exactly one-hot, and then the
# straight-through gradient is no guess any more. That is the idea. Whether it matters
# for your frames is another question; the table below answers it for one seed.
#
# </details>
#
# The next cell makes shares of three scores in both ways, and measures the **gap**: how
# far, in sum, the shares are from the one-hot of the winner. **Guess before you run:**
# which of the two gaps is 0?

# %%
# NBVAL_CHECK_OUTPUT
scores = torch.tensor([4.0, -1.0, -2.0])
for name, shares in (("relu", argmax_shares(scores)), ("softmax", scores.softmax(-1))):
    gap = (shares - argmax_one_hot(shares)).abs().sum()
    numbers = ", ".join(f"{x:.3f}" for x in shares.tolist())
    print(f"{name:8s} {numbers}   gap {gap:.3f}")

# %% [markdown]
# What keeps all codes in use? Nothing yet: the encoder could say the same code for
# everything. So a **diversity loss** looks at $\bar{s}_k$, the mean share of each code
# over the whole batch, and is 0 where all means are alike:
#
# $$L_\text{div} = \frac{1}{K} \sum_k (K \bar{s}_k - 1)^2$$

# %% tags=["show"]
from deepcomposer_edu.nn.quantise import diversity_loss

# %%
# NBVAL_CHECK_OUTPUT
one_for_all = torch.tensor([[1.0, 0, 0, 0]] * 4)
for name, shares in (("one code for all", one_for_all), ("one each", torch.eye(4))):
    print(f"{name:18s}{diversity_loss(shares):.2f}")


# %%
class ArgmaxFrames(CodedFrames):
    """The same with an argmax in the place of the nearest code."""

    def __init__(
        self, diversity: float, shares: Callable[[Tensor], Tensor] = argmax_shares
    ) -> None:
        super().__init__(said=64)  # one score for each code
        self.diversity, self.shares = diversity, shares

    def codes(self, frames: Tensor) -> Tensor:
        return self.shares(self.encoder(frames)).argmax(dim=-1)

    def loss(self, frames: Tensor) -> Tensor:
        shares = self.shares(self.encoder(frames))
        decoded = self.decoder(argmax_one_hot(shares) @ self.codebook)
        return F.mse_loss(decoded, frames) + self.diversity * diversity_loss(shares)


def tidy_up(network: CodedFrames, frames: Tensor, random: torch.Generator) -> None:
    """Do nothing: an argmax needs no help."""


def softmax(scores: Tensor) -> Tensor:
    """Return the softmax of scores (..., K), to compare with."""
    return scores.softmax(dim=-1)


results = {"VQ": first_rows[-1], "VQ, revived": second_rows[-1]}
kinds = {
    "softmax, diversity 0.1": (0.1, softmax),
    "argmax, diversity 0": (0.0, argmax_shares),
    "argmax, diversity 0.1": (0.1, argmax_shares),
}
for name, (diversity, shares) in kinds.items():
    torch.manual_seed(0)
    argmax_net = ArgmaxFrames(diversity, shares)
    results[name] = learn(argmax_net, N_STEPS)[-1]
for name, row in results.items():
    print(
        f"{name:24s}error {row['error']:.3f}, {row['used']:4.0%} in use, perplexity "
        f"{row['perplexity']:4.1f}"
    )

# %%
coded = np.concatenate([sound_of(argmax_net, i)[:6000] for i in some])
course.play(coded, "Through the codes of the argmax", sample_rate=played.rate)

# %% [markdown]
# Take the lines one by one: what does the diversity loss do, and what would be lost
# with a softmax? One seed of one toy proves little, in either direction. So
# `benchmarks/ada.py` trains three kinds, ten seeds each, with a WaveNet as decoder. The
# argmax and the VQ that is revived used nearly all codes with every seed; the VQ that
# is not revived used half of them at most (`benchmarks/RESULTS.md`). On so easy a task
# it does not show which of the first two is better.

# %% [markdown]
# ## Codes with a WaveNet (10 minutes)
#
# The same two quantisers, now with a WaveNet that says the samples: nothing of the
# original is left here but the codes. To be learned in minutes on a laptop, the task is
# small: four wind instruments, one octave. And there is one more help. A small layer
# reads the pitch from each code, and the WaveNet is told the phase of that pitch, as in
# lesson 11.

# %%
n_heard = course.amount(8_000, quick=4 * ada.config.hop)
n_notes = course.amount(4, quick=1)
winds = usual_sounds().valid
audio = winds.audio[: 5 * n_notes : 5, :n_heard]  # (B, N)
display(course.play(audio.flatten(), "Unseen notes", sample_rate=winds.rate))
for kind in ("vq", "argmax"):
    network = load_ada(kind)
    codes = network.encode(audio)  # (B, F)
    decoded = network.decode(codes, seed=0)  # (B, N)
    display(course.play(decoded.flatten(), f"From {kind} codes", sample_rate=RATE))
    n_bits = codes[0].numel() * math.log2(network.config.n_codes)
    far = spectral_distance(decoded[0], audio[0], winds.rate)
    print(f"{kind}: {n_bits:.0f} bits a note, distance of the first {far:.1f} dB")

# %%
course.sound_codes(
    {kind: load_ada(kind).encode(audio[0]).numpy() for kind in ("vq", "argmax")},
    len(audio[0]) / winds.rate,
    caption="The first note in the codes of both",
)

# %% [markdown]
# ## A stack reaches further (14 minutes)
#
# Now for the aim of it all. A WaveNet sees a few hundred milliseconds; music needs
# seconds. With twice as many blocks of layers it sees twice as far, and costs twice as
# much. But a network of the same size that reads *codes* sees as many codes as the
# other one sees samples, and a code stands for many samples. And codes can be coded
# again: a **stack**. How many units of the level below become one unit is the **hop**
# of a level.
#
# | level | reads | one unit stands for |
# |---|---|---|
# | 0 | samples | 1 sample |
# | 1 | codes | `hops[1]` samples |
# | 2 | codes of codes | `hops[2]` codes, so `hops[1] * hops[2]` samples |
#
# Take a WaveNet that sees 6,144 samples, which are 384 ms at 16 kHz. The same network
# on codes of 8 samples sees eight times as far, and on codes of codes 64 times. The
# paper's authors built such stacks, and report piano music that keeps its style for
# tens of seconds. **Guess before you run:** how far does level 2 see if each hop is 64?

# %% exercise="12.6"
from deepcomposer_edu.models.ada import stacked_field

# %%
# NBVAL_CHECK_OUTPUT
for hop in (8, 64):
    reach = stacked_field([6144, 6144, 6144], [1, hop, hop])
    print(f"hops of {hop:2d}:", ", ".join(f"{n / 16_000:,.2f} s" for n in reach))

# %% [markdown]
# The course's stack has two levels of codes, and a third network on top that composes
# codes of the upper level. How far does each see?

# %%
stack = load_ada_stack()
reaches = stacked_field(stack.fields, stack.hops)
for level, (units, reach) in enumerate(zip(stack.fields, reaches, strict=True)):
    print(f"level {level}: {units:4d} units, {reach / RATE * 1000:7,.0f} ms")

# %% [markdown]
# Level 0 alone sees no more than 2 ms: all that is slower must be told by the codes. A
# phrase, and what is left of it on the way up and down again: written in codes, these
# in codes of codes, and then told again from the *upper* ones alone.

# %%
octave = range(60, 73)
played_by = {"instruments": winds.instruments, "pitches": octave}
phrase = phrase_sounds(n=1, seed=1, **played_by).audio[0]
n_heard = course.amount(24_000, quick=2 * math.prod(stack.hops))
lower, upper = stack.encode(phrase[:n_heard])
display(course.play(phrase[:n_heard], "A phrase", sample_rate=RATE))
told_again = stack.decode(upper, seed=0)
display(course.play(told_again, "From the upper codes alone", sample_rate=RATE))
course.sound_codes(
    {"lower codes": lower.numpy(), "upper codes": upper.numpy()},
    n_heard / RATE,
    caption="The phrase in the codes of both levels",
)

# %% [markdown]
# And composed from the top: the upper network draws codes of codes, the middle one
# codes, the lowest one samples.

# %%
composed = stack.compose(course.amount(4.0, quick=0.1), seed=0)
course.play(composed, "Composed in codes of codes", sample_rate=RATE)

# %% [markdown]
# Judge for yourself what holds together for seconds, and what does not. Each level
# loses something, and with so small a stack that is a lot: what is gained is how far
# the upper network sees, as the figures above say.

# %% [markdown]
# ## A population (20 minutes)
#
# VQ autoencoders fail easily. One way out is to wake dead codes, one is the argmax.
# Dieleman and others took a third one for VQ: **population-based training**, PBT
# (Jaderberg and others, 2017). Many networks train side by side, each with settings of
# its own. Now and then they are compared. The weak ones take over weights *and*
# settings of strong ones (**exploit**), and then change the settings a little
# (**explore**). What is found in the end is not one good setting but a schedule of
# settings.
#
# ### Spot the mistake
#
# > PBT is short for "popular based training".
#
# <details><summary>Answer</summary>
#
# Population-based training. Nobody is voted for: what counts is a measurement on sounds
# that were not learned from. (Listeners have their say in lesson 13.)
#
# </details>

# %% exercise="12.7"
from deepcomposer_edu.nn.population import exploit

# %% tags=["show"]
from deepcomposer_edu.nn.population import explore

# %% [markdown]
# Back to the codebook that collapsed, *without* revival, and with two settings to find:
# the learning rate, and how much the commitment counts. Four members begin with
# settings that are drawn at random. The whole of it is a loop. **Guess before you
# run:** can any setting prevent the collapse?


# %%
Settings = Mapping[str, float]


def train_members(
    beginnings: Sequence[Settings], n_rounds: int, seed: int, share: float = SHARE
) -> Population:
    """Train one network for each settings, and let the weak go on from the strong."""
    torch.manual_seed(seed)
    networks = [CodedFrames() for _ in beginnings]
    settings, turns = [dict(one) for one in beginnings], []
    random = torch.Generator().manual_seed(seed)
    for round_number in range(n_rounds):
        errors = []
        for i, network in enumerate(networks):
            network.commitment = settings[i]["commitment"]
            learn_seed = 1000 * seed + 10 * round_number + i
            rows = learn(network, ROUND_STEPS, settings[i]["rate"], learn_seed)
            errors.append(rows[-1]["error"])
        parents = list(range(len(networks)))
        if share > 0 and round_number < n_rounds - 1:
            parents = exploit([-error for error in errors], random, share)
        for i, parent in enumerate(parents):
            turns.append(Turn(round_number, i, settings[i], errors[i], parent))
        for i, parent in enumerate(parents):
            if parent != i:
                networks[i].load_state_dict(networks[parent].state_dict())
        settings = [
            settings[parent] if parent == i else explore(settings[parent], random)
            for i, parent in enumerate(parents)
        ]
    return Population(tuple(turns), metric="error")


ROUND_STEPS, N_ROUNDS = course.steps(100, quick=1), course.amount(6, quick=2)
chance = np.random.default_rng(0)
start = [
    {
        "rate": 10 ** chance.uniform(-3.5, -1.5),
        "commitment": 10 ** chance.uniform(-1.5, 0.5),
    }
    for _ in range(4)
]
for one in start:
    print(f"rate {one['rate']:.4f}, commitment {one['commitment']:.2f}")

# %%
population = train_members(start, N_ROUNDS, seed=0)
course.lineage(population)

# %% [markdown]
# Each row is a place, each column a round. A line that slants is a network that was
# copied: who did worst went on from who did best. The thick line is the history of the
# best one. Beside it, as a control, the same four settings, and nobody looks at the
# others:

# %%
alone = train_members(start, N_ROUNDS, seed=0, share=0)
for name, found in (("population", population), ("each alone", alone)):
    last = sorted(turn.score for turn in found.round(found.n_rounds - 1))
    numbers = ", ".join(f"{score:.3f}" for score in last)
    best = found.best.settings
    print(
        f"{name}: errors {numbers}; the best had rate {best['rate']:.4f}, "
        f"commitment {best['commitment']:.2f}"
    )

# %% [markdown]
# Compare the two lines: the spread of the errors, and the best of each. Whoever goes on
# from the best cannot stay far behind it. Then look at the commitment of the best ones.
# A likely reason: a small one holds the encoder's vectors less tightly, so they can
# spread, and more codes live. Nobody had to know that beforehand.
#
# Look at the lineage, too, for whose settings won, and when. PBT is short-sighted: it
# compares after each round, so a member that learns slowly but would go further may be
# replaced early on. It finds only what lies within a few steps of 0.8 or 1.2 from where
# somebody began. Try `default_rng(1)`, where all four begin with a commitment above
# 0.2: do they get away from the collapse? And it costs four trainings where revival
# costs one; Dieleman and others made the argmax because PBT was expensive.
#
# The course's WaveNet autoencoders can be trained so, too, in a folder that survives a
# crash: `deepcomposer train ada --population 4 --out my_population`. With `--ray` the
# members train in workers of Ray, which may be on many computers.

# %% [markdown]
# ## Translate (10 minutes)
#
# One encoder, several decoders. The **Universal Music Translation Network** (Mor and
# others, 2019) has one encoder for everybody and a WaveNet for each kind of music.
# Encode a whistle, decode it with the piano's decoder, and a piano plays what was
# whistled.
#
# For that the code must say *what* is played and not *who* plays. Nothing in an
# autoencoder asks for that. So a critic tries to guess the instrument from the code,
# and the encoder learns to make it fail, as the generator did in lesson 06. And what
# the encoder hears is put out of tune a little, here and there, so that it cannot hand
# on the samples as they are.
#
# Ours is a toy: four instruments, one voice, short phrases, and a network far smaller
# than theirs. It would not learn the notes in the minutes that it had. So the pitch
# is measured from the recording and given to the decoder, and the code holds what is
# left: loudness, attacks, ends. A phrase, and the same in the hands of two others:

# %%
phrases = phrase_sounds(n=4, together=True, seed=1)  # one melody, four instruments
tune = phrases.audio[1][: course.amount(32_000, quick=640)]
first_player = phrases.instruments[phrases.instrument[1]]
display(course.play(tune, f"A phrase, {first_player}", sample_rate=phrases.rate))
for name in ("organ", "space-lead")[: course.amount(2, quick=1)]:
    heard, rate = translate(tune, phrases.rate, name, seed=0)
    display(course.play(heard, f"Translated: {name}", sample_rate=rate))

# %% [markdown]
# What got lost? Compare how the notes begin. In `benchmarks/RESULTS.md` the translation
# has the melody's pitch in 59 to 87 % of the frames if the instrument was learned, and
# in 0 % if a synth whistles, which the encoder never heard. And the critic does not
# fail altogether: it still tells the instrument of 58 % of the frames, where chance
# gives 25 %. You can have a recording of your own translated (see "Go further").

# %% [markdown]
# ## Your chorale, your instruments (12 minutes)
#
# Everything together. Choose a tune; the network of lesson 09 writes three voices below
# it; and then nobody but networks plays: the soprano comes from space, the bass is an
# organ, and alto and tenor are two mixtures.

# %%
choice = course.choose_tune(first="twinkle-twinkle")
choice

# %%
how = {"technique": "ar-cnn", "mode": "harmonise", "seed": 0}
chorale = compose(choice.score, iterations=course.amount(64, quick=2), **how)
four_bars = to_grid(chorale.score).crop(0, course.amount(64, quick=1))
display(course.play(four_bars, "As the course's synth plays it", seconds=13))

# %%
TIMBRES = [
    "nsynth:space-lead",  # the soprano
    "nsynth:organ+space-lead",
    "nsynth:organ+clarinet",
    "nsynth:organ",  # the bass
]
timbres = TIMBRES if not course.is_quick() else "nsynth:organ"
heard = render_raw(from_grid(four_bars, 80), timbres, rate=RATE, seed=0)  # (N, 2)
course.play(heard, "As your instruments play it", seconds=13, sample_rate=RATE)

# %% [markdown]
# Be honest about it: 8,000 samples a second is what a telephone sounds like, each note
# was made for itself, and there is no room around the instruments. But no recording
# was played back and no synthesizer was asked: every sample was drawn by a network that
# was told the pitch and, for each frame, 16 numbers, and these you can mix as you like.
# Change `TIMBRES`: `"nsynth:organ*3+clarinet"` is three parts of organ and one of
# clarinet, `"wavenet:organ"` is the network of lesson 11.

# %% [markdown]
# ## Quiz (4 minutes)

# %%
quiz = course.quiz("12")
quiz

# %% [markdown]
# ## Go further (30 minutes)
#
# - Give `CodedFrames` 8 codes, then 512. What do you hear, and how does the share in
#   use change? How many bits a second is each?
# - Take other seeds for the table of VQ and argmax. Which order of the lines lasts?
# - Start the codebook as `0.1 * torch.randn(...)`. Does it still collapse? Why?
# - Write a tune in codes: encode two notes with `load_ada("vq")`, cut and repeat their
#   codes as you like, and decode.
# - Play, sing or whistle a tune, record it as a WAV file, and in a terminal:
#   `deepcomposer translate my_tune.wav --instrument organ`. How much of it is left?
# - Your own sounds: `deepcomposer train nsynth --data FOLDER --out my_run` takes WAV,
#   FLAC or MP3.

# %% [markdown]
# ## What you learned
#
# - to **mix** instruments by their codes, and to **hear** what that has to do with
#   mixing their waves
# - to **build** a codebook that learns, and to **wake** the codes that die
# - to **compare** two ways to make codes, and to **compute** how far a stack of them
#   reaches
# - to **train** a population instead of one network, and to **read** its family tree
# - to **play** your own music with timbres of your own
#
# ## References
#
# - Bengio, Y., Léonard, N. and Courville, A., 2013. Estimating or Propagating Gradients
#   Through Stochastic Neurons for Conditional Computation.
# - Engel, J. and others, 2017. Neural Audio Synthesis of Musical Notes with WaveNet
#   Autoencoders.
# - van den Oord, A., Vinyals, O. and Kavukcuoglu, K., 2017. Neural Discrete
#   Representation Learning.
# - Jaderberg, M. and others, 2017. Population Based Training of Neural Networks.
# - Dieleman, S., van den Oord, A. and Simonyan, K., 2018. The Challenge of Realistic
#   Music Generation: Modelling Raw Audio at Scale.
# - Mor, N., Wolf, L., Polyak, A. and Taigman, Y., 2019. A Universal Music Translation
#   Network.
