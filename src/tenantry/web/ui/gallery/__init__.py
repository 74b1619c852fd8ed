"""Every part of the back office's kit, drawn with made-up data: `python -m tenantry.web.ui.gallery --out DIR`."""
