"""The work itself: jobs in PostgreSQL (Procrastinate), who does them, who takes over from the dead."""
