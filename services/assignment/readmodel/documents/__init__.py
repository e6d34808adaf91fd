"""What questions about papers, registers and files are answered from."""
