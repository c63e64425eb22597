"""What other programs are offered: questions, packs and the list of reports as data."""
