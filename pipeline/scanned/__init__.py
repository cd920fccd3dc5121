"""Which of a PDF page is a scan: what reading takes and what filing carries."""
