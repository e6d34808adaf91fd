"""Which rules a telling holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class NothingToTell(Refused):
    """What ended without an answer is told; what is answered is told by its answer (domain brief §1.2, invariant 3)."""

    code = "nothing-to-tell"
    rule = ("brief §1.2", "invariant 3")
    title_vi = "Ý kiến này, hoặc ý kiến mà nó được gộp vào, chưa bị từ chối hoặc chuyển đi"
    title_en = "Neither this opinion nor what it was merged into was rejected or forwarded"
    advice_vi = "Chỉ ghi sau khi từ chối hoặc chuyển ý kiến; của ý kiến đã tách, ghi rõ phần nào (part)."
    advice_en = "Record it once the opinion was rejected or forwarded; of one that was split, name the part."


class ToldBefore(Invalid):
    """Nobody is told what has not happened yet."""

    code = "told-before"
    rule = ("brief §1.2", "invariant 12")
    title_vi = "Ý kiến chỉ kết thúc (từ chối, chuyển đi hoặc rút) vào ngày {on}"
    title_en = "The opinion ended on {on} only"
    advice_vi = "Ghi ngày đã báo, từ ngày đó trở đi."
    advice_en = "State a day from then on."
