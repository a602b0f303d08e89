"""PDF files, through PDFium: where each sign stands, what is drawn, what is attached."""
