"""The engine of pictures: theme, text, marks, live and still figures; it knows no attention."""
