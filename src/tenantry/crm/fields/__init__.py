"""What the fields of accounts, addresses, contacts and activities hold, and how what was given is read into that."""

from tenantry.crm.fields import reading
from tenantry.crm.fields.forms import ACCOUNT, ACTIVITY, ADDRESS, CONTACT
from tenantry.crm.fields.known import Known, known

__all__ = ["ACCOUNT", "ACTIVITY", "ADDRESS", "CONTACT", "Known", "known", "reading"]
