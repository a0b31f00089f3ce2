"""Pages of the statistician: frames, draws, invitations and the course of the fieldwork."""
