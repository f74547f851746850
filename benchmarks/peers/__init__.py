"""The same pictures, made with what people use instead."""
