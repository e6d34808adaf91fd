"""Which rules files hold: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid


class FileNotStored(Invalid):
    """A file is handed in before something refers to it; of one that was erased nothing is left to refer to."""

    code = "file-not-stored"
    rule = ()
    title_vi = "Chưa có tệp với mã băm này"
    title_en = "There is no file of this digest"
    advice_vi = "Gửi tệp qua POST /assignment/api/attachments trước."
    advice_en = "Send the file to POST /assignment/api/attachments first."


class NothingToAttachTo(Invalid):
    """A file belongs to something that can be seen, and who reads it is asked of that."""

    code = "nothing-to-attach-to"
    rule = ()
    title_vi = "Không đính kèm tệp vào mục này"
    title_en = "Files do not belong to things of this kind"
    advice_vi = "Đính kèm vào: {kinds}."
    advice_en = "Attach it to one of: {kinds}."
