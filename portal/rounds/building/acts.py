"""The steps of the builder in words, as its pages and the record say them."""

from __future__ import annotations

from typing import Any

from portal.core.texts import _, lazy

ACTS: dict[str, Any] = {
    "round.save_instrument": lazy("Changed an instrument"),
    "round.save_indicator": lazy("Saved an indicator"),
    "round.copy_indicator": lazy("Copied an indicator"),
    "round.move_indicator": lazy("Moved an indicator"),
    "round.remove_indicator": lazy("Deleted an indicator"),
    "round.save_question": lazy("Saved a question"),
    "round.copy_question": lazy("Copied a question"),
    "round.move_question": lazy("Moved a question"),
    "round.remove_question": lazy("Deleted a question"),
    "round.copy_line": lazy("Copied a line"),
    "round.move_line": lazy("Moved a line"),
    "round.remove_line": lazy("Deleted a line"),
    "round.save_item": lazy("Saved an OIT item"),
    "round.copy_item": lazy("Copied an OIT item"),
    "round.move_item": lazy("Moved an OIT item"),
    "round.remove_item": lazy("Deleted an OIT item"),
    "round.number_anew": lazy("Numbered the codes anew"),
    "round.save_scale": lazy("Saved a scale"),
    "round.copy_scale": lazy("Copied a scale"),
    "round.turn_scale": lazy("Made a scale with its points turned round"),
    "round.remove_scale": lazy("Deleted a scale"),
    "round.move_choice": lazy("Moved a choice"),
    "round.remove_choice": lazy("Deleted a choice"),
    "round.save_weights": lazy("Changed the weights"),
    "round.save_bands": lazy("Changed the grades"),
    "round.save_groups": lazy("Changed the roster groups"),
    "round.save_headcount_groups": lazy("Changed the groups of the headcount"),
    "round.move_group": lazy("Moved a roster group"),
    "round.move_sample": lazy("Moved a minimum-sample rule"),
    "round.save_sample": lazy("Saved a minimum-sample rule"),
    "round.remove_sample": lazy("Deleted a minimum-sample rule"),
    "round.save_texts": lazy("Worded pages of a round"),
    "round.save_translations": lazy("Translated texts of a round"),
    "round.remove_language": lazy("Took a language out of a round"),
    "round.settings": lazy("Changed the settings of a round"),
    "round.move_windows": lazy("Moved all dates together"),
    "round.windows": lazy("Changed the dates of a round"),
    "round.workbook": lazy("Took over a workbook"),
    "round.undo_step": lazy("Took a step of the builder back"),
}


def step_words(act: str) -> str:
    """What a step was, in words; a step without words is said by its code."""
    return _(str(ACTS[act])) if act in ACTS else act
