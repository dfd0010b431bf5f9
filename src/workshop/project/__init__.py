"""The workshop as a whole: its pages, scenarios, agendas, and where each statement is taken up."""
