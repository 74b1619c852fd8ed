"""Documents and money: what is yet to be invoiced, invoices, their numbers, and the runs that make them (BIL)."""
