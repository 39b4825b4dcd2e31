"""Every text that people read, side by side on one page: `python -m tests.texts > page.html`."""
