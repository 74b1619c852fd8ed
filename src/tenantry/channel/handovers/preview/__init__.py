"""The preview: the very expressions of the run beside today's values, record by record,
field by field, each with its rule.
"""

from tenantry.channel.handovers.preview.records import preview_of
from tenantry.channel.handovers.preview.views import FieldPreview, PartPreview, RecordPreview

__all__ = ["FieldPreview", "PartPreview", "RecordPreview", "preview_of"]
