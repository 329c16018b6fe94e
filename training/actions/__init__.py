"""Every change of state of the training room, a module for each kind of thing.

`courses` (draft, release, archive), `import_course`, `assign` and `rules` (who takes what by when),
`learn` and `attempts` (what the learner does), `meetings` (what others confirm), `complete` (what comes
of it), `reminders`; `turns` holds what they share.
"""
