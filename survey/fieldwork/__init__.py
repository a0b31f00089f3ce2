"""What the fieldwork says and how it is judged: payloads, their checks, drafts, quarantine, recusal, labels."""
