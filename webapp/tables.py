"""Every table there is, the programme's and the face's: what migrations and tests read."""

from sqlmodel import SQLModel

import gamification.tables
import webapp.accounts.tables
import webapp.brand.tables
import webapp.intake.tables
import webapp.jobs.tables
import webapp.keys.tables
import webapp.rehearsing.tables

__all__ = ["METADATA", "gamification", "webapp"]

METADATA = SQLModel.metadata
