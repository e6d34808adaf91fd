"""An official paper of the office: drafted, signed, numbered, issued, sent, published."""
