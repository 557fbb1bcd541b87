"""Forms: their fields, what is required, and what error messages say."""
