"""What the steps are run on: photographs, a bank of filters, and weights made by hand."""
