"""What questions about meetings, sessions, notices, requests, proposals and plans are answered from."""
