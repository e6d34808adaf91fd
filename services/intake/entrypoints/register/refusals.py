"""Which files are taken as a register: the refusal is named for its rule."""

from services.intake.entrypoints.register.reading import WrongRegister
from shared.contracts.refusals import Invalid


class NoRegister(Invalid):
    """A register is a table of its columns, as CSV or XLSX, within bounds."""

    code = "no-register"
    title_vi = "Không đọc được tệp như một sổ theo dõi"
    title_en = "The file cannot be read as a register"
    advice_vi = "{vi}."
    advice_en = "It {why}."

    @classmethod
    def of(cls, wrong: WrongRegister) -> "NoRegister":
        """The refusal of a file that is none, with what to change."""
        return cls(why=str(wrong), vi=wrong.vi)
