"""How functions become programs of JAX: traced, batched, compiled once, at few lengths."""
