"""The words of a handover that every statement is told at the run: who gives, who takes, which, when."""

import sqlalchemy as sa

from tenantry.schema.base import AT, ID

GIVER = sa.bindparam("giver", type_=ID)
TAKER = sa.bindparam("taker", type_=ID)
RESELLER = sa.bindparam("reseller", type_=ID)  # the reseller's account at the giver
HANDOVER = sa.bindparam("handover", type_=ID)
MOMENT = sa.bindparam("at", type_=AT)
ACTOR_ID = sa.bindparam("actor_id", type_=ID)
ACTOR = sa.bindparam("actor", type_=sa.Text)
FIRST_NUMBER = sa.bindparam("first_number", type_=sa.BigInteger)
AFTER = sa.bindparam("after", type_=ID)  # a chunk: later than this id ...
UPTO = sa.bindparam("upto", type_=ID)  # ... up to this one
UNDOING = sa.bindparam("undoing", type_=sa.ARRAY(ID))  # the records that a chunk of an undo is about
ALL = sa.bindparam("all", type_=sa.Boolean)  # every candidate, or those of `chosen`
CHOSEN = sa.bindparam("chosen", type_=sa.ARRAY(ID))
