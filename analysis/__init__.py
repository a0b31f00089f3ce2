"""The statistics: pure functions over arrays, frozen results. Pure: no web, no database."""
