"""What a participant clicks on: controllers that know no browser, and the browser module that shows them."""
