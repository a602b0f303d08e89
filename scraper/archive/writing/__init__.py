"""An observation becomes rows: prepared, written in one transaction, indexed."""
