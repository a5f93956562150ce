"""Every reader of outside data, and ways to damage what it reads."""
