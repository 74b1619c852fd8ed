"""Back orders (BO): the orders that appear at the distributor by themselves when a tenant reseller sells."""
