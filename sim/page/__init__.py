"""One self-contained page for one run or several."""
