"""What a card says and how the kit replies: one class for each thing a person clicks on.

Each has `view()`, a dict for the browser, and `handle(request)`, which takes what was clicked, saves it
and returns the next view. No browser, notebook or server is needed here; every face talks the same way.
"""

from workshop.answers.sheet import SaveError


class Controller:
    """A saved exchange. `saved` is the number of the last request that is safe on disk."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.saved, self.trouble = 0, sheet.trouble

    def handle(self, request):
        """Do what was asked, save it, and return the next view. A request of another form changes nothing."""
        try:
            self.do(request)
            self.saved, self.trouble = request.get("n", 0), self.sheet.trouble
        except SaveError as error:
            self.trouble = str(error)
        return self.view()
