"""Asks an X server to tell a key that is held from one that is pressed again. Knows no key.

Without that each repetition of a held key comes as letting go and pressing. The library does not know the extension:
https://www.x.org/releases/current/doc/kbproto/xkbproto.html, requests UseExtension and PerClientFlags.
"""

from __future__ import annotations

from Xlib.display import Display
from Xlib.protocol import rq

EXTENSION = "XKEYBOARD"
CORE_KEYBOARD = 0x100
DETECTABLE = 1


class UseExtension(rq.ReplyRequest):
    """That it is there is told before anything else is asked of it."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(0), rq.RequestLength(), rq.Card16("wanted_major"), rq.Card16("wanted_minor")
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("supported"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card16("major"),
        rq.Card16("minor"),
        rq.Pad(20),
    )


class PerClientFlags(rq.ReplyRequest):
    """How the server is to treat this connection alone."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(21),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Pad(2),
        rq.Card32("change"),
        rq.Card32("value"),
        rq.Card32("controls_to_change"),
        rq.Card32("controls"),
        rq.Card32("control_values"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("device"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card32("supported"),
        rq.Card32("value"),
        rq.Card32("controls"),
        rq.Card32("control_values"),
        rq.Pad(8),
    )


def tell_held_keys(display: Display) -> bool:
    """On this connection, from here on; whether the server can."""
    extension = display.query_extension(EXTENSION)
    if extension is None:
        return False
    opcode = extension.major_opcode
    used = UseExtension(display=display.display, opcode=opcode, wanted_major=1, wanted_minor=0)
    if not used.supported:
        return False
    flags = PerClientFlags(
        display=display.display,
        opcode=opcode,
        device=CORE_KEYBOARD,
        change=DETECTABLE,
        value=DETECTABLE,
        controls_to_change=0,
        controls=0,
        control_values=0,
    )
    return bool(flags.value & DETECTABLE)
