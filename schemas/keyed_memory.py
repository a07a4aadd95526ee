"""What a streaming engine keeps by key, and what travels to it."""

from collections.abc import Sequence

from schemas.base import Instant, row
from schemas.dossier import Dossier
from schemas.statement import Statement


@row
class Alerted:
    """A watch whose readers were told a statement."""

    statement_id: str
    watch: str


@row
class SpeakerPart:
    """What the speakers of one name key say in one article: it travels to that key's memory,
    and from there to the article's, where a streaming engine keeps memory by key.
    """

    dossier_id: str  #: of this reading of the article and no other: it may be read again meanwhile
    dossier: Dossier  #: with the commentaries of that key only
    places: Sequence[int]  #: where these commentaries stand among all of the article
    of: int  #: how many commentaries the article has
    told: Sequence[Alerted] = ()  #: of their statements, before this reading; set when judged


@row
class Recollection:
    """What one article added to the memory of one name key, where a streaming engine keeps it."""

    heard_at: Instant  #: when the article came
    statements: Sequence[Statement] = ()
    told: Sequence[Alerted] = ()
