"""The reader's desk: written answers without names, the rubric beside each, points line by line."""
