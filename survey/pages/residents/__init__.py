"""Pages of the resident: an invitation or an open link, the questionnaire, and thanks."""
