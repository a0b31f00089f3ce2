"""The instrument language: what is asked, in what order, and what counts. Pure: no web, no database."""
