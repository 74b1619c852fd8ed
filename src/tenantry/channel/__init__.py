"""Between tenants: tenant resellers, and the handovers that move customers."""
