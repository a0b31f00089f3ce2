"""Pages of departments: what a plan asks them to mend, and how far it is."""
