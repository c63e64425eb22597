"""The Compare page: several reports on one question."""
