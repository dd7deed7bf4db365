"""What waits for one socket: at once when the writer sleeps, in order always, framed once for all."""

import gevent
import pytest
from engineio.packet import MESSAGE, Packet
from gevent.queue import Empty

from app.core.outbox import HELD_BYTES, MOST_BYTES, Outbox, Rest, framed


class Network:
    """Takes so many bytes without waiting."""

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, b""

    def at_once(self, text: str) -> Rest | None:
        frame = framed(text)
        gone = min(self.room, len(frame))
        self.room -= gone
        self.taken += frame[:gone]
        return Rest(frame[gone:]) if gone < len(frame) else None


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


def writer(outbox: Outbox, network: Network) -> gevent.Greenlet:
    """As Engine.IO's: takes, sends all of it, sleeps."""

    def write() -> None:
        while (packet := outbox.get()) is not None:
            data = packet.encode()
            network.taken += data if isinstance(data, Rest) else framed(data)

    return gevent.spawn(write)


def said(*texts: str) -> bytes:
    return b"".join(framed(f"4{text}") for text in texts)


def test_at_once_while_the_writer_sleeps(outbox: Outbox) -> None:
    network = Network(10_000)
    outbox.at_once = network.at_once
    task = writer(outbox, network)
    gevent.sleep(0)
    outbox.put(Packet(MESSAGE, "a"))
    assert (network.taken, outbox.qsize()) == (said("a"), 0)
    outbox.put(None)
    task.join(5)
    assert task.ready()


@pytest.mark.parametrize("room", [0, 1, 5, 9, 10_000])
def test_order_holds_whatever_the_network_takes(outbox: Outbox, room: int) -> None:
    network = Network(room)
    outbox.put(Packet(MESSAGE, "early"))
    task = writer(outbox, network)
    outbox.at_once = network.at_once
    for turn in range(4):
        for each in "abc":
            outbox.put(Packet(MESSAGE, f"{turn}{each}" * (turn + 1)))
        gevent.sleep(0)
    outbox.put(None)
    task.join(5)
    assert network.taken == said("early", *(f"{turn}{each}" * (turn + 1) for turn in range(4) for each in "abc"))


def test_nothing_is_sent_before_there_is_a_network(outbox: Outbox) -> None:
    outbox.put(Packet(MESSAGE, "a"))
    assert (outbox.get(block=False).data, outbox.empty()) == ("a", True)
    with pytest.raises(Empty):
        outbox.get(block=False)


@pytest.mark.parametrize(("length", "head"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_frame_says_its_length(length: int, head: int) -> None:
    from wsproto.frame_protocol import FrameDecoder

    frame = framed("x" * length)
    decoder = FrameDecoder(client=True)
    decoder.receive_bytes(frame)
    decoded = decoder.process_buffer()
    assert decoded is not None
    assert (len(frame) - length, len(decoded.payload)) == (head, length)


def test_the_same_text_is_framed_once() -> None:
    text = "said to a thousand"
    assert framed(text) is framed(text)


def test_what_waits_is_counted_until_the_network_has_it(outbox: Outbox) -> None:
    outbox.put(Packet(MESSAGE, "x" * 99))
    outbox.get()
    assert outbox.owed == 100
    outbox.taken(100)
    assert outbox.owed == 0


def test_who_is_owed_too_much_is_cut_and_what_waits_is_forgotten(outbox: Outbox) -> None:
    cuts: list[int] = []

    def cut() -> None:
        cuts.append(outbox.owed)
        outbox.give_up()

    outbox.overrun = cut
    outbox.put(Packet(MESSAGE, "x" * MOST_BYTES))
    assert (cuts, outbox.qsize()) == ([], 1)  # alone, whatever its length
    outbox.put(Packet(MESSAGE, "y"))
    outbox.put(Packet(MESSAGE, "z"))
    assert (cuts, outbox.owed, outbox.get(), outbox.empty()) == ([MOST_BYTES + 3], 0, None, True)


@pytest.mark.parametrize("end", ["taken", "given up"])
def test_who_asks_on_waits_for_room(outbox: Outbox, end: str) -> None:
    outbox.put(Packet(MESSAGE, "x" * HELD_BYTES))
    asker = gevent.spawn(outbox.wait_for_room)
    gevent.sleep(0)
    assert not asker.ready()
    if end == "taken":
        outbox.taken(1)
    else:
        outbox.give_up()
    asker.join(5)
    assert asker.ready()
