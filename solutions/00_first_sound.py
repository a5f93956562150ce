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
# that you played or chose, with three voices below it that a neural network wrote. On
# the way you see the whole studio that you will use in this course.
#
# *30 minutes, of which your computer works for less than 30 seconds. Nothing to
# install, nothing to program, no musical training needed. Lessons needed first: none.*

# %% [markdown]
# ## What you will be able to do
#
# - **play** a melody to the computer, or choose one
# - **harmonise** it with a trained network, and make the network try again
# - **compare** two versions, and see whether the network listens to you
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
from deepcomposer_edu.widgets import Studio

course.setup(seed=0, lesson="00")

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
# Is there a word in this course that you don't know? `course.explain` says it in plain
# words, and plays it if it can be heard. Put another word between the quotes, such as
# "octave" or "seed"; `course.glossary()` lists them all.

# %%
course.explain("chord")

# %% [markdown]
# ## The studio (2 minutes)
#
# Here is everything at once: the **studio**. It has four steps, from top to bottom.
# Nothing is composed yet, so steps 3 and 4 are empty.

# %%
studio = Studio(course.my_music() / "studio")
studio

# %% [markdown]
# You go through it with the mouse, a finger or the keyboard. The cells below do the
# same things in the same order, so you can also run them and look up at the studio:
# what a cell does, the panels show. Do one step by hand, then go on.
#
# ## Step 1: a melody (5 minutes)
#
# *Ode to Joy* is chosen already. You can
#
# - **choose a tune**: the menu has songs old enough to belong to everybody
# - **play it**: a piano with 32 keys opens. Press **Record**, play with the mouse, a
#   finger, the keys of your computer (the letters on the piano keys show which) or a
#   MIDI keyboard, press **Stop**. One finger is enough. No idea what to play? C D E F
#   G, then back down. The menu that says **C D E** puts numbers, do re mi, or colours
#   with shapes on the keys instead
# - **open a file**: MIDI or MusicXML, with one melody in it or more
#
# **Hear it** plays the melody. Under **Change it** you move it up or down, set the
# tempo, put a stumbling rhythm right, keep the first bars, or edit the notes one by
# one. What lies in the studio now:

# %%
print(studio.session.desk.summary)

# %% [markdown]
# Thirty-two keys is what the AWS DeepComposer keyboard had. Amazon brought it out in
# December 2019 so that people who find machine learning dull or frightening could learn
# it by playing. The service has since closed. This course needs neither that keyboard
# nor a network connection.
#
# ## Step 2: compose (5 minutes)
#
# Choose a style and press **Compose**. *Bach* is the network alone: four voices, as it
# learned them. In *Classical*, *Jazz*, *Rock* and *Pop* a band plays the network's
# harmony, with drums, basses and guitars. What the band plays follows rules that people
# wrote down; the network has never heard jazz.

# %%
piece = studio.compose(seed=1)
print("\n".join(piece.notes))

# %% [markdown]
# The **seed** is the number from which all the network's chance comes. The same seed
# makes the same music, on any day. Another seed makes other voices to the same melody,
# the way two students of harmony give two answers to one exercise. **Try again** takes
# the next seed.
#
# Under **More** are the network's sliders, and beside each a link: **show me the
# code**. It opens the line of the network's program that the slider changes. You need
# not understand it today. In lesson 08 you will.
#
# **Guess before you run:** which will be the same in the two versions, and which will
# differ: the highest voice, the lowest, the rhythm?

# %%
another = studio.compose(seed=2)

# %% [markdown]
# ## Step 3: listen and compare (4 minutes)
#
# Every version is kept, and **Undo** goes back to the one before. Press **compare**
# beside a version: the notes that differ light up, and the buttons **A** and **B**
# change between the two while the music goes on.

# %%
difference = studio.compare(piece)
print(difference.sentence)

# %%
# NBVAL_CHECK_OUTPUT
given, kept = studio.melody.tracks[0], another.score.tracks[0]
print("Every note of the melody was kept:", kept.notes == given.notes)

# %% [markdown]
# The highest voice is yours and stays untouched, to the note. All below it is the
# network's, and may change. Choosing between versions is composing too.
#
# **Does it listen?** A machine that plays the same accompaniment to any tune is of
# little use. Move one note of the melody and compose again with the same seed: if the
# network listens, its voices change near that note, and stay elsewhere.

# %%
answer = studio.ask(note=4, semitones=2)
print(answer)

# %% [markdown]
# The player above shows the changed notes, and the buttons *As it was* and *With the
# note moved* let you hear them. The next cell goes back to your version and gives it
# other instruments; in the player there is a menu of them for each voice.

# %%
studio.compare(None)
studio.player.set_track(0, instrument="oboe")
studio.player.set_track(1, instrument="violin")
studio.player

# %% [markdown]
# Try an overdriven guitar for the melody, clean guitars in the middle and a finger bass
# below: a rock band that plays Bach. When the electric guitar and the recording studio
# were new, people asked whether that was still music. A new tool for making sound is
# like a new pigment for a painter: it does not say what to paint.
#
# ## Step 4: keep it (2 minutes)
#
# This writes your composition, with its new instruments, into the folder `my_music`,
# beside this notebook. In the studio, **Download** takes a file out through the
# browser.

# %%
# NBVAL_CHECK_OUTPUT
files = studio.save(["mid", "wav", "mp3", "png", "json"])
for part, path in files.items():
    print(f"{part:5s}{path.name}")

# %% [markdown]
# - `mid` is MIDI: the notes, for notation programs and music studios such as MuseScore,
#   GarageBand or Ableton
# - `wav` and `mp3` are sound: WAV exact and large, MP3 small, to send to somebody
# - `png` is the piano roll; `musicxml`, a score to print, and `mp4`, a film of the roll
#   with its sound, can be had too: tick them in step 4
# - `json` is the recipe: melody, technique, seed, instruments and a fingerprint of the
#   network's **weights**, the numbers in which all lies that it has learned. With it,
#   `deepcomposer replay` makes the same notes again.
#
# The tunes of the course are old enough to belong to everybody. If you compose on a
# melody that somebody else wrote, ask before you publish it.
#
# Your versions stay on the disk, too. Close the notebook, open it tomorrow, run the
# studio's cell: they are there.
#
# ## Play with it (as long as you like, from 5 minutes)
#
# The studio is yours now. Compose a tune in each style, rename the version you like,
# start the next one from it. Without the course around it, the studio opens with
# `deepcomposer studio`; and the notebook `artist_mode.ipynb` has nothing but numbers to
# turn.

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
# - Under **More**, choose the technique *Random notes of the key*. Listen to it after
#   the network's version. That difference is what the network has learned.
# - Take the MIDI file into a notation program and correct one chord by ear.
# - Next: lesson 01, where you see what music is for a computer.

# %% [markdown]
# ## What you learned
#
# - to **play** a melody to the computer, or choose one
# - to **harmonise** it with a trained network, and make the network try again
# - to **compare** two versions, and to see whether the network listens to you
# - to **keep** the result as MIDI, MP3, WAV and a picture
#
# ## References
#
# - Goodfellow, I., Pouget-Abadie, J., Mirza, M., Xu, B., Warde-Farley, D., Ozair, S.,
#   Courville, A. and Bengio, Y., 2014. Generative Adversarial Nets.
# - Gulrajani, I., Ahmed, F., Arjovsky, M., Dumoulin, V. and Courville, A., 2017.
#   Improved Training of Wasserstein GANs.
# - Amazon Web Services, 2019. AWS DeepComposer, announced at re:Invent.
