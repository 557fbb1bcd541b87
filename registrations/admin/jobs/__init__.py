"""Actions on many people that are done in the background, by the processes that send e-mail."""
