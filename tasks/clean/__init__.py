"""Clean: documents to articles: the story alone, with title, standfirst, date, language, and duplicates marked."""
