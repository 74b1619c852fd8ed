"""What things cost and what is owed for them.

To price a sale: `pricing.prices_of`, then `promotions.by_itself`, `for_code` or `require`, then `amounts.cycle_amount`.
To charge it: `cycles.next_cycle` gives the charges of the cycle that is due, and the columns to set on the
subscription. For a change take `terms.terms_of` before and after it and write `charges.of_change(before, after, on)`;
none before is a start within a period, none after an end. `charges.write` writes them down.
"""
