"""A file is written anew, in a process of its own that holds no secret and knows no database.

``python -m app.houses.shelf.wash`` reads a file and says what became of it. kinds (what a file is, why one is refused)
· pictures (by Pillow) · pdf, resources, fonts, drawing (by pikepdf: only what draws the pages goes over) · plain
(values without a word in them) · jpeg (a photo in a PDF, without what is told of it).
"""
