"""The published working-day calendars."""
