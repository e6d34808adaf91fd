"""What a file is, its content says; and what is not taken."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.blobs import content
from shared.blobs.content import recognise
from shared.blobs.refusals import FileEmpty, FileNameDiffers, FileTypeRefused, MacrosRefused
from shared.contracts.refusals import Refused
from tests.shared.blobs import files
from tests.shared.blobs.files import DOCX_MAIN, EXE, GIF, JPEG, PDF, XLSX_MAIN, office, package, png, types


@pytest.mark.parametrize(
    ("file", "name", "media"),
    [
        (PDF, "Thông báo.pdf", "pdf"),
        (PDF, "KH.PDF", "pdf"),
        (png(), "ảnh.png", "png"),
        (JPEG, "ảnh.jpg", "jpeg"),
        (JPEG, "ảnh.jpeg", "jpeg"),
        (office(DOCX_MAIN), "dự thảo.docx", "docx"),
        (office(XLSX_MAIN), "bảng tổng hợp.xlsx", "xlsx"),
        ("Đề nghị sửa đường vào bản.\r\n".encode(), "ý kiến.txt", "txt"),
        ("\ufeffstt,nội dung\n1,Đường\n".encode(), "tổng hợp.csv", "csv"),
    ],
)
def test_what_everybody_can_open_is_taken(file: bytes, name: str, media: str) -> None:
    assert recognise(file, name) == media
    assert media in content.MEDIA_TYPES


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (EXE, "báo cáo.pdf"),
        (GIF, "ảnh.gif"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cũ.doc"),
        (package({"a.txt": "a"}), "tệp.zip"),
        (package({"[Content_Types].xml": types("application/vnd.ms-powerpoint")}), "trình chiếu.pptx"),
        (b"\x00\x01\x02 text", "dữ liệu.txt"),
        ("Đường".encode("utf-16"), "utf16.txt"),
        (b"PK\x03\x04 and nothing more", "hỏng.docx"),
    ],
)
def test_what_it_is_not_is_refused_whatever_it_is_called(file: bytes, name: str) -> None:
    with pytest.raises(FileTypeRefused) as refused:
        recognise(file, name)
    assert refused.value.said(refused.value.advice_en) == "Send one of pdf, png, jpeg, docx, xlsx, txt, csv."


@pytest.mark.parametrize(
    ("file", "name", "media"),
    [
        (PDF, "ảnh.png", "pdf"),
        (png(), "tài liệu.pdf", "png"),
        (office(XLSX_MAIN), "bảng.docx", "xlsx"),
        (b"<html><script>alert(1)</script></html>", "trang.html", "txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "hình.svg", "txt"),
        (b"@echo off", "chạy.bat", "txt"),
        (b"text", "không đuôi", "txt"),
        (b"text", "", "txt"),
    ],
)
def test_a_name_that_promises_something_else_is_refused(file: bytes, name: str, media: str) -> None:
    with pytest.raises(FileNameDiffers) as refused:
        recognise(file, name)
    assert refused.value.facts == {"media": media}


@pytest.mark.parametrize(
    "file",
    [
        office(DOCX_MAIN, **{"word/vbaProject.bin": b"\x00"}),
        office(XLSX_MAIN, "application/vnd.ms-office.vbaProject"),
        office("application/vnd.ms-word.document.macroEnabled.main+xml"),
        office(XLSX_MAIN, **{"xl/macrosheets/sheet1.xml": "<x/>"}),
        office(DOCX_MAIN, **{"word/activeX/activeX1.xml": "<x/>"}),
        office(DOCX_MAIN, **{"word/embeddings/oleObject1.bin": b"\x00"}),
        office(DOCX_MAIN, "application/vnd.ms-office.vb&#x61;Project"),
    ],
)
def test_a_file_that_runs_something_is_refused(file: bytes) -> None:
    with pytest.raises(MacrosRefused):
        recognise(file, "tệp.docx")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        recognise(b"", "rỗng.txt")


@pytest.mark.parametrize(
    "file",
    [
        package({"[Content_Types].xml": f"<!DOCTYPE t [<!ENTITY a 'a'>]>{types(DOCX_MAIN)}"}),
        package({"[Content_Types].xml": types(DOCX_MAIN).encode("utf-16")}),
        package({"[Content_Types].xml": "<Types"}),
        package({"[Content_Types].xml": types(DOCX_MAIN, XLSX_MAIN)}),
        package({"[Content_Types].xml": types(DOCX_MAIN) + " " * (content.LARGEST_TYPES_BYTES + 1)}),
        office(DOCX_MAIN)[:-40],
    ],
)
def test_a_package_that_a_reader_could_take_otherwise_is_refused(file: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        recognise(file, "tệp.docx")


def test_a_package_of_too_many_parts_is_not_even_listed() -> None:
    many = package({"[Content_Types].xml": types(DOCX_MAIN), **{f"p{n}": b"" for n in range(content.MOST_PARTS)}})
    with pytest.raises(FileTypeRefused):
        recognise(many, "tệp.docx")


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(office()) - 1), put=st.binary(min_size=1, max_size=8), cut=st.integers(0, 60))
def test_a_broken_package_is_refused_or_taken_but_never_breaks_the_house(at: int, put: bytes, cut: int) -> None:
    whole = office()
    broken = (whole[:at] + put + whole[at + len(put) :])[: len(whole) - cut]
    with contextlib.suppress(Refused):
        assert recognise(broken, "tệp.docx") == "docx"


def test_the_small_files_of_the_tests_are_what_they_say() -> None:
    assert files.png(1) != files.png(2)
