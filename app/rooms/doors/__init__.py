"""The screen on a room's door: what is on, what comes next, and the code of this minute.

``models`` which screen hangs at which room · ``queries`` what a door needs to know · ``codes`` the code of a minute ·
``show`` what it says, in the words that anyone who passes may read · ``wall`` how the desk pairs one · ``routes``
The screen writes nothing: it asks for its page each minute, and shows what it heard last while the network is away.
"""
