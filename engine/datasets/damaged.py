"""One name for content that is not what it should be."""


class Damaged(Exception):
    """A file's content is wrong; the message completes the sentence 'the file …'.

    Never shown as it is: a damaged cache is rebuilt, a damaged download is fetched elsewhere.
    """
