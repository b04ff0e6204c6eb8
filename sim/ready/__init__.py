"""A checked scenario becomes the arrays that the compiled step works on."""
