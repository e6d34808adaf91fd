"""What questions about opinions and their receipts are answered from."""
