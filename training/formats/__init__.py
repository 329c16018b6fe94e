"""Files of questions in the formats of other learning systems."""
