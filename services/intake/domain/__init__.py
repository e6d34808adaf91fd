"""What intake decides, pure."""
