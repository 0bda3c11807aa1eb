"""Links from a page to itself in each language, as search engines read them."""

from urllib.parse import urlencode

from .translation import LANGUAGES


def alternate_links(path: str, **query: str) -> dict[str, str]:
    """Return the address of a page in each language, by ``hreflang``, and where the browser chooses one.

    ``path`` is that of the page in the browser; of ``query`` empty values are left out. The addresses name no
    host, as the server behind a proxy does not know by which scheme and name it is reached.
    """
    shared = {name: value for name, value in query.items() if value}
    queries = {key: shared | {"lang": key} for key in LANGUAGES} | {"x-default": shared}
    return {key: path + ("?" + urlencode(pairs) if pairs else "") for key, pairs in queries.items()}
