# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 00 First sound
#
# At the end of this lesson you hold a piece of music in your hands, as files: a melody
# that you played or chose, with three voices below it that a neural network wrote.
#
# *20 minutes, of which your computer works for less than 30 seconds. Nothing to
# install, nothing to program, no musical training needed. Lessons needed first: none.*

# %% [markdown]
# ## What you will be able to do
#
# - **play** a melody to the computer, or choose one
# - **harmonise** it with a trained network, and make the network try again
# - **change** the instruments
# - **keep** the result as MIDI, MP3, WAV and a picture
#
# A grey box like the ones below is a **cell**. Click into it and press Shift and Enter
# together: the cell runs, and what it makes appears below it. Run the cells from top to
# bottom. You cannot break anything.

# %% [markdown]
# ## Set-up (1 minute)
#
# This loads the course. The first time, it takes a few seconds.

# %%
from deepcomposer_edu import course
from deepcomposer_edu.compose import compose
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.widgets import PianoKeyboard

course.setup(seed=0)

# %% [markdown]
# ## Listen first (3 minutes)
#
# Here is a tune from Beethoven's ninth symphony of 1824, one note at a time.
# Press the triangle to play it; nothing here ever starts by itself.

# %%
tune = load_tune("ode-to-joy")
course.play(tune)

# %% [markdown]
# Now the same tune, note for note, and below it three voices that did not exist a
# moment ago. Making them takes 2 to 10 seconds the first time, and less than a second
# after that.

# %%
first = compose(tune, technique="wgan", seed=0)
course.play(first.score, "Ode to Joy, harmonised by a network", seconds=20)

# %% [markdown]
# Below is what you heard, drawn as a **piano roll**: time runs from left to right, high
# notes stand at the top, and each voice has its own colour. The tune is the highest
# voice. A dark line marks where a note is struck.

# %%
course.plot(first.score, "Ode to Joy with three more voices")

# %% [markdown]
# Who wrote those voices? A **generative adversarial network**, GAN for short: two
# networks that learned against each other. The **generator** added voices to melodies
# by Johann Sebastian Bach. The **critic** was shown Bach's own voices and the
# generator's, and learned to score which is which. Each time the critic found a
# weakness, the generator could use what it had found. The generator you heard has seen
# a little over 200 of Bach's **chorales**, four-part church songs, and nothing else.
#
# It is a small model that learned on ordinary hardware. You will hear good chords, and
# now and then one that Bach would have crossed out. Lesson 08 opens it up and trains
# it.

# %% [markdown]
# ## Play something (5 minutes)
#
# Here is a piano with 32 keys. Play it with the mouse, a finger on the screen, the keys
# of your computer (the letters on the piano keys show which), or a MIDI keyboard.
#
# Press **Record**, play a short melody, press **Stop**. **Play** lets you hear it
# again. One finger is enough: the network adds the rest. No idea what to play? Try C D
# E F G, then back down. Or skip this: the next section has tunes to choose from.

# %%
keyboard = PianoKeyboard()
keyboard

# %% [markdown]
# Thirty-two keys is what the AWS DeepComposer keyboard had. Amazon brought it out in
# December 2019 so that people who find machine learning dull or frightening could learn
# it by playing. The service has since closed. This course needs neither that keyboard
# nor a network connection.

# %% [markdown]
# ## Choose and compose (5 minutes)
#
# Choose a tune in the menu, or "what I played". Then run the two cells after it. To
# take another tune, choose again and run them again.

# %%
choice = course.choose_tune(keyboard)
choice

# %%
seed = 1
composition = compose(choice.score, technique="wgan", seed=seed)
print("\n".join(composition.notes))
course.play(composition.score, "Your composition", seconds=30)

# %%
course.plot(composition.score)

# %% [markdown]
# The **seed** is the number from which all the network's chance comes. The same seed
# makes the same music, on any day. Another seed makes other voices to the same melody,
# the way two students of harmony give two answers to one exercise.
#
# **Guess before you run:** which will be the same in the two versions below, and which
# will differ: the highest voice, the lowest, the rhythm?

# %%
another = compose(choice.score, technique="wgan", seed=seed + 1)
course.play(another.score, "The same melody, another seed", seconds=30)

# %%
course.plot(another.score)

# %% [markdown]
# The highest voice is yours and stays untouched, to the note. All below it is the
# network's, and may change. Change the number after `seed =` above, run the cells
# again, and keep the version you like best. Choosing is composing too.

# %%
# NBVAL_CHECK_OUTPUT
given, kept = choice.score.tracks[0], composition.score.tracks[0]
print("Every note of the melody was kept:", kept.notes == given.notes)

# %% [markdown]
# ## Change the instruments (3 minutes)
#
# A piano roll does not say what plays it. Choose an instrument for each voice, then run
# the cell after the menus. The notes stay the same, because the seed does.

# %%
instruments = course.choose_instruments(
    melody="oboe",
    alto="string ensemble 1",
    tenor="string ensemble 1",
    bass="harpsichord",
)
instruments

# %%
composition = compose(
    choice.score, technique="wgan", seed=seed, instruments=instruments.values
)
course.play(composition.score, ", ".join(instruments.values), seconds=30)

# %% [markdown]
# Try an overdriven guitar for the melody, clean guitars in the middle and a finger bass
# below: a rock band that plays Bach. When the electric guitar and the recording studio
# were new, people asked whether that was still music. A new tool for making sound is
# like a new pigment for a painter: it does not say what to paint.

# %% [markdown]
# ## Keep it (2 minutes)
#
# This writes your composition into the folder `my_music`, beside this notebook.

# %%
# NBVAL_CHECK_OUTPUT
files = composition.save(course.my_music() / "first_sound")
for part, path in files.items():
    print(f"{part:5s}{path.name}")

# %% [markdown]
# - `mid` is MIDI: the notes, for notation programs and music studios such as MuseScore,
#   GarageBand or Ableton
# - `wav` and `mp3` are sound: WAV exact and large, MP3 small, to send to somebody
# - `png` is the piano roll
# - `json` is the recipe: melody, technique, seed, instruments and the fingerprint of
#   the network's weights. With it, `deepcomposer replay` makes the same notes again.
#
# The tunes of the course are old enough to belong to everybody. If you compose on a
# melody that somebody else wrote, ask before you publish it.

# %% [markdown]
# ## Play with it (as long as you like, from 5 minutes)
#
# One cell with everything that matters. Change a value, run it, listen.
#
# - `tune_name`: any name from the menu above
# - `temperature`: how adventurous the choice of notes is; 0.2 is careful, 0.9 is the
#   usual, 3 is wild
# - `tempo`: quarter notes in a minute

# %%
tune_name = "ode-to-joy"
temperature = 0.9
tempo = 100
seed = 7

mine = compose(
    tune_name,
    technique="wgan",
    seed=seed,
    tempo=tempo,
    temperature=temperature,
    instruments=["flute", "harpsichord"],
)
course.play(mine.score, f"{tune_name}, seed {seed}", seconds=30)

# %% [markdown]
# ## Quiz (3 minutes)
#
# Five questions. Choose an answer and read why it is right or not.

# %%
quiz = course.quiz("00")
quiz

# %% [markdown]
# ## Go further (as long as you like, from 10 minutes)
#
# - Compose with `technique="random"`: random notes of the right key. Listen to it after
#   the network's version. That difference is what the network has learned.
# - Take the MIDI file into a notation program and correct one chord by ear.
# - Next: lesson 01, where you see what music is for a computer.

# %% [markdown]
# ## What you learned
#
# - to **play** a melody to the computer, or choose one
# - to **harmonise** it with a trained network, and make the network try again
# - to **change** the instruments
# - to **keep** the result as MIDI, MP3, WAV and a picture
#
# ## References
#
# - Goodfellow, I., Pouget-Abadie, J., Mirza, M., Xu, B., Warde-Farley, D., Ozair, S.,
#   Courville, A. and Bengio, Y., 2014. Generative Adversarial Nets.
# - Gulrajani, I., Ahmed, F., Arjovsky, M., Dumoulin, V. and Courville, A., 2017.
#   Improved Training of Wasserstein GANs.
# - Amazon Web Services, 2019. AWS DeepComposer, announced at re:Invent.
