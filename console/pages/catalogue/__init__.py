"""The catalogue as pages: find, compare, and go on from what was found."""
