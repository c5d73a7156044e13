"""The data dictionary in docs/reference/outcomes.md, from the metrics that tables and plots use.

python docs/derivations/outcomes_page.py
"""

from pages import DOCS, put_into_page

from sim.outcomes.dictionary import as_markdown

PAGE = DOCS / "reference" / "outcomes.md"

if __name__ == "__main__":
    put_into_page(PAGE, "dictionary", as_markdown().splitlines())
