"""Qt's keys by the names that X has for them. Knows no keyboard.

Letters and digits need no names: X's numbers of the first 256 are Unicode's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

NAMES = {
    Qt.Key.Key_Backspace: "BackSpace",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "ISO_Left_Tab",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "KP_Enter",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Pause: "Pause",
    Qt.Key.Key_Print: "Print",
    Qt.Key.Key_SysReq: "Sys_Req",
    Qt.Key.Key_ScrollLock: "Scroll_Lock",
    Qt.Key.Key_Menu: "Menu",
    Qt.Key.Key_Help: "Help",
    Qt.Key.Key_Insert: "Insert",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "Page_Up",
    Qt.Key.Key_PageDown: "Page_Down",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Back: "XF86_Back",
    Qt.Key.Key_Forward: "XF86_Forward",
    Qt.Key.Key_Stop: "XF86_Stop",
    Qt.Key.Key_Refresh: "XF86_Refresh",
    Qt.Key.Key_HomePage: "XF86_HomePage",
    Qt.Key.Key_Search: "XF86_Search",
    Qt.Key.Key_VolumeDown: "XF86_AudioLowerVolume",
    Qt.Key.Key_VolumeMute: "XF86_AudioMute",
    Qt.Key.Key_VolumeUp: "XF86_AudioRaiseVolume",
    Qt.Key.Key_MediaPlay: "XF86_AudioPlay",
    Qt.Key.Key_MediaStop: "XF86_AudioStop",
    Qt.Key.Key_MediaPrevious: "XF86_AudioPrev",
    Qt.Key.Key_MediaNext: "XF86_AudioNext",
    Qt.Key.Key_MediaRecord: "XF86_AudioRecord",
    Qt.Key.Key_MediaPause: "XF86_AudioPause",
    Qt.Key.Key_LaunchMail: "XF86_Mail",
    Qt.Key.Key_Calculator: "XF86_Calculator",
    **{Qt.Key(Qt.Key.Key_F1 + number): f"F{number + 1}" for number in range(35)},
}
NUMBERS = {Qt.Key.Key_MicMute: 0x1008FFB2}
"""Younger than the library's names: XF86keysym.h."""
KEYPAD = {
    **{Qt.Key(Qt.Key.Key_0 + number): f"KP_{number}" for number in range(10)},
    Qt.Key.Key_Plus: "KP_Add",
    Qt.Key.Key_Minus: "KP_Subtract",
    Qt.Key.Key_Asterisk: "KP_Multiply",
    Qt.Key.Key_Slash: "KP_Divide",
    Qt.Key.Key_Period: "KP_Decimal",
    Qt.Key.Key_Enter: "KP_Enter",
}
"""Where the digits of a keyboard's right side are meant."""
