"""Words that know no business: ids, money, clock, problems, the actor."""
