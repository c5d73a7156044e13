"""A page on this machine on which a scenario is tuned by hand and its bands are redrawn at once."""
