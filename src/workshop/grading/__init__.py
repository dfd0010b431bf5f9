"""Grading what was handed in, on nbgrader's format: fast, and without trusting anything a participant wrote."""
