"""What a participant answers: the answer sheet and how it is stored."""
