"""The whole machine: all that can be asked, the states that are rare, and what the read side says of it."""

import shutil
import sys

from tests.support.dialogue.rare import Rare


class Dialogue(Rare):
    """An office at work from January 2023 on, asked by its own people and by others."""

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is not None:  # it has failed already, and that is what is to be told
                return
            self.look()
            self.names_are_nowhere_in_clear()
            self.what_was_told_is_told_again()
        finally:
            self.leave()

    def leave(self) -> None:
        self.office.close()
        shutil.rmtree(self.folder)
