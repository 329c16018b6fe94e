"""No models: the pages that join what the rooms below own."""
