"""What differs between two pieces, and what answers when a note moves."""
