"""DeepComposer EDU: learn generative AI by making music.

Importing the package is light: no torch, no matplotlib. Each floor is imported where it
is used, for example `from deepcomposer_edu.music.midi import read_midi`.
"""

__version__ = "0.1.0"
