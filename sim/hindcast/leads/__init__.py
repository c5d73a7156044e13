"""Yes/no questions and counts of the next months and years, from every 1 January and 1 July, against climatology."""
