"""A request for direct dialogue: accepted, refused or taken back, and met."""
