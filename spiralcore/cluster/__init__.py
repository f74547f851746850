"""The engine that is other machines: a Dask cluster, whose workers see no file of this one."""
