"""What a workshop prints: handouts, question sheets, scenario books, the guide, the schedule."""
