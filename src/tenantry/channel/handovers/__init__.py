"""Every handover has one life (HND): plan, confirm, run, record, undo.
The kinds differ in rules, not in how they are run.
"""
