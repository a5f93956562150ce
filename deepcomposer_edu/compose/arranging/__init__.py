"""A few bars become a minute: plan, themes, scoring, and the record of it."""
