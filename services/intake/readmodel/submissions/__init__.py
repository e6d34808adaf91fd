"""What questions about requests for dialogue and proposals at their receipt are answered from (R21, R25)."""
