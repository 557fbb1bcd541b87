"""Ready-made files beside the table of registrations: for the caterer, the funder and the door."""
