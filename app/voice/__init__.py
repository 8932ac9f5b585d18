"""How replies are spoken: by the model's own voice, or by the system's. Knows no device, no widget and no model."""
