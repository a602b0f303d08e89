"""The archive for language models, over the Model Context Protocol: tools that read, answers that can be checked."""
