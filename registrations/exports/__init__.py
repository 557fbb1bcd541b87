"""Exporting lists of people: a table with chosen columns, or one of the ready-made lists."""
