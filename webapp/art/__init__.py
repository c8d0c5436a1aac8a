"""Medals, wreath and icons: shapes and colours, drawn once into two sprites."""
