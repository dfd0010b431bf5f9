"""Counts that several explorations share: onsets by state-year, episodes, treaties."""
