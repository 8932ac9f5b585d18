"""The desktop: what a person sees, hears and touches. Knows nothing of weights or how a reply is made."""
