"""Bands that play a network's harmony in a style: classical, jazz, rock and pop.

The harmony is the network's: its voices are heard as chords. The style is by rule,
written here: who plays, which patterns, where fills and endings come. Nothing in it was
learned from recordings of the style.
"""

from deepcomposer_edu.music.bands.styles import BANDS, Band, Player, arrange

__all__ = ["BANDS", "Band", "Player", "arrange"]
