"""The conferences and briefings that periodic dialogues are tied to."""
