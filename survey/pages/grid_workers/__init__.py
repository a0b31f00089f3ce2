"""Pages of grid workers: work done for the actions of a plan, and the ledger of visits at doors."""
