"""How long a club keeps what it says: it chooses its months, and the clock deletes what is older.

policy · actions (choose the months) · forms · routes · parts (what the club's page says) · live · jobs (the rules).
held: what must stay a while longer, said by the floors above.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement

held: list[Callable[[], ColumnElement[bool]]] = []
