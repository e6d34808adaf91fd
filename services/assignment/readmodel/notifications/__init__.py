"""What people are told of: who is concerned by which fact, what he has not looked at yet, and by which way it reaches him."""
