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
    form = QFormLayout(group)
    form.setContentsMargins(18, 14, 18, 16)
    form.setHorizontalSpacing(24)
    form.setVerticalSpacing(14)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for name, widget in rows:
        label = QLabel(name)
        label.setBuddy(widget)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        if not isinstance(widget, QCheckBox | QLabel):
            widget.setAccessibleName(name)
        form.addRow(label, widget)
    return form
