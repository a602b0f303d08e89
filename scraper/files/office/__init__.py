"""Office files: OOXML (.docx, .xlsx, .pptx) and the binary workbooks before it (.xls)."""
