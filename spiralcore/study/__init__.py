"""Studies: many networks from one grid file, one row each in a Parquet file."""
