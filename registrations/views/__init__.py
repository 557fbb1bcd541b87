"""Pages where people act: they sign up, see and change their registration, and ask for their link."""
