"""What examples in the document refer to."""

SOMEBODY = "01914ac0-0000-7000-8000-000000000001"
