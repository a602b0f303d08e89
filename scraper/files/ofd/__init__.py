"""OFD files (GB/T 33190-2016): the fixed layout of Chinese official documents and invoices."""
