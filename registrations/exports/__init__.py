"""Lists of people taken out of the site: as a table with chosen columns, or as one of the ready-made lists."""
