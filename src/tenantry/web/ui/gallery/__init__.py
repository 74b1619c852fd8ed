"""Every part of the back office's kit, drawn with made-up data, to be looked at: `python -m tenantry.web.ui.gallery`."""
