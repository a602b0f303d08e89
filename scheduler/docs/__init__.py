"""The reference in ``docs/``, written from the program itself: ``python -m scheduler.docs``."""
