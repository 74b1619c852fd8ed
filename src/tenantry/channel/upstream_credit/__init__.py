"""Upstream credit (UP-47): what a reseller sells is provisioned once every seller above has given credit for it."""
