"""Products of activations with weights in few bits: one way of laying out and multiplying a module."""
