"""The ballot box: marks, sealed answers, keys, closing and opening."""
