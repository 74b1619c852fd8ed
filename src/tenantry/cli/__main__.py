"""`python -m tenantry.cli`, as `tenantry serve` starts its workers."""

from tenantry.cli.main import main

main()
