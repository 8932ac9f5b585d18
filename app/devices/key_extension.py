"""What an X server's keyboard extension is asked for, which the library does not know. Knows no key.

Without it each repetition of a held key comes as letting go and pressing. Whoever uses it is told of another layout by
its own events alone. https://www.x.org/releases/current/doc/kbproto/xkbproto.html, requests UseExtension, SelectEvents
and PerClientFlags.
"""

from __future__ import annotations

from dataclasses import dataclass

from Xlib import X
from Xlib.display import Display
from Xlib.protocol import rq

EXTENSION = "XKEYBOARD"
CORE_KEYBOARD = 0x100
DETECTABLE = 1
NEW_KEYBOARD, MAP = 1, 2
ALL_PARTS = 0xFF


@dataclass(frozen=True, slots=True)
class Extension:
    """What came of it: whether a held key is told from one that is pressed again, and the event of another layout."""

    sees_release: bool
    layout_event: int


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


class SelectEvents(rq.Request):
    """Of another keyboard, and of another layout of the same one."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(1),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card16("which"),
        rq.Card16("clear"),
        rq.Card16("all_of"),
        rq.Card16("parts"),
        rq.Card16("all_parts"),
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


def use_extension(display: Display) -> Extension:
    """On this connection, from here on."""
    found = display.query_extension(EXTENSION)
    if found is None:
        return Extension(sees_release=False, layout_event=X.MappingNotify)
    wire, opcode = display.display, found.major_opcode
    used = UseExtension(display=wire, opcode=opcode, wanted_major=1, wanted_minor=0)
    if not used.supported:
        return Extension(sees_release=False, layout_event=X.MappingNotify)
    which = NEW_KEYBOARD | MAP
    SelectEvents(
        display=wire,
        opcode=opcode,
        device=CORE_KEYBOARD,
        which=which,
        clear=0,
        all_of=which,
        parts=ALL_PARTS,
        all_parts=ALL_PARTS,
    )
    return Extension(_tell_held_keys(display, opcode), found.first_event)


def _tell_held_keys(display: Display, opcode: int) -> bool:
    """Whether the server does from here on."""
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
