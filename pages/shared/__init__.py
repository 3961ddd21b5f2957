"""What several pages use. A part that one page alone needs stands in the folder of that page.

`charts`, `palette`, `scripts` and `words` are pure: values in; figures, colours or sentences out.
"""
