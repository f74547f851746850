"""How good the arrangement of classes in a layer is."""
