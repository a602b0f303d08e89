"""What a rule is: the page that it reads, the candidates that it gives, and who wins."""
