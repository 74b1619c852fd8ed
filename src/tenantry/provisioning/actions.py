"""What changes systems and the accounts' ties to them, verb by verb."""

from tenantry.provisioning.sync_options import NewSyncOption, add_sync_option, delete_sync_option, edit_sync_option
from tenantry.provisioning.systems import NewSystem, create_system, delete_system, edit_system

__all__ = [
    "NewSyncOption",
    "NewSystem",
    "add_sync_option",
    "create_system",
    "delete_sync_option",
    "delete_system",
    "edit_sync_option",
    "edit_system",
]
