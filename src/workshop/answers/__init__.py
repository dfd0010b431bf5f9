"""What a participant answers: the answer sheet, how it is stored, and the file that is handed in.

A sheet is one JSON document, saved whole at each change; what does not validate is set aside and never lost.
Imports nothing of the kit but its errors. Begin with `sheet.py`.
"""
