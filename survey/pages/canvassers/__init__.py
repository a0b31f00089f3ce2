"""Pages of the canvasser: own cases in walking order, visits and interviews."""
