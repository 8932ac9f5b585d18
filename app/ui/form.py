"""A group of controls with their names beside them. Knows nothing of what they are for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QFormLayout, QGroupBox, QLabel, QSizePolicy, QWidget

Rows = Sequence[tuple[str, QWidget]]


def form_group(title: str, rows: Rows) -> QGroupBox:
    """A new one."""
    group = QGroupBox(title)
    lay_form(group, rows)
    return group


def lay_form(group: QGroupBox, rows: Rows) -> QFormLayout:
    """Each control gets its name, for the eye and for a screen reader."""
    form = new_form(group)
    form.setContentsMargins(16, 12, 16, 16)
    form.setHorizontalSpacing(24)
    form.setVerticalSpacing(12)
    for name, widget in rows:
        add_named(form, name, widget)
    return form


def new_form(parent: QWidget | None = None) -> QFormLayout:
    """An empty one, whose controls are as wide as there is room, below their names where there is little."""
    form = QFormLayout() if parent is None else QFormLayout(parent)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def add_named(form: QFormLayout, name: str, widget: QWidget) -> None:
    """One row more; a control that has a name of its own for screen readers keeps it."""
    label = QLabel(name)
    label.setBuddy(widget)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    if not (isinstance(widget, QCheckBox | QLabel) or widget.accessibleName()):
        widget.setAccessibleName(name)
    form.addRow(label, widget)
