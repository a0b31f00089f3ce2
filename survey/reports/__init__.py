"""What a report says, its charts, and the PDF made of it. No database, no numerical libraries."""
