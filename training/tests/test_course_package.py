"""A course with its pictures and uploads as one .zip: out, in again, and what is refused."""

import io
import struct
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from organisation.models import Attachment, Import
from organisation.tests.factories import person_in
from training.actions.import_package import TakenAlready, import_package
from training.course_file import FileRefused
from training.course_package import MOST_MEMBERS, read_package
from training.models import Course, CoursePicture, Lesson
from training.tests.factories import a_course, lessons_of

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 9
PDF = b"%PDF-1.7 checklist"


def kept(content, name, content_type):
    return Attachment.store(ContentFile(content), name=name, content_type=content_type)


@pytest.fixture
def course(manager, unit):
    """A course that shows a picture and offers a file."""
    course = a_course(unit=unit, lessons=("text", "download"), questions=0)
    text, download = lessons_of(course)
    picture = CoursePicture.objects.create(course=course, file=kept(PNG, "the counter.png", "image/png"))
    text.texts.update(body=f"Look:\n\n![The counter](picture:{picture.file.reference})")
    Lesson.objects.filter(pk=download.pk).update(file=kept(PDF, "Prüfliste.pdf", "application/pdf"))
    return course


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def exported(client, course):
    out = client.get(url("course_file", course.key))
    assert f'filename="{course.key}_en.zip"' in out["Content-Disposition"]
    return b"".join(out.streaming_content)


def rezipped(raw, key, **changes):
    """The archive as another course, with members changed, added or (None) left out."""
    source, out = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    members = {each: source.read(each) for each in source.namelist()}
    members["course.toml"] = members["course.toml"].replace(b'"telephone"', f'"{key}"'.encode())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (members | changes).items():
            if content is not None:
                archive.writestr(name, content)
    return out.getvalue()


def upload(client, unit, raw, name="course.zip"):
    file = SimpleUploadedFile(name, raw, "application/zip")
    return client.post(url("course_import"), {"file": file, "unit": unit.slug})


def test_pictures_and_files_travel_with_the_course(client, course, unit):
    looked = upload(client, unit, rezipped(exported(client, course), "counter"))
    page = text_of(looked)
    assert "2 pictures and files come with it:" in page
    assert "Prüfliste.pdf" in page
    assert (Course.objects.count(), CoursePicture.objects.count()) == (1, 1)
    taken = client.post(
        url("course_import"), {"upload": looked.context["upload"].reference, "unit": unit.slug}
    )
    assert taken["Location"] == url("draft", "counter")
    lessons = Lesson.objects.filter(module__version__course__key="counter")
    picture = CoursePicture.objects.get(course__key="counter")
    assert f"![The counter](picture:{picture.file.reference})" in lessons.get(kind="text").text().body
    assert picture.file.file.read() == PNG
    file = lessons.get(kind="download").file
    assert (file.name, file.file.read(), file.content_type) == ("Prüfliste.pdf", PDF, "application/pdf")


def test_the_same_package_once_more_keeps_nothing_twice(client, course, unit):
    package = read_package(io.BytesIO(rezipped(exported(client, course), "counter")))
    import_package(package, unit=unit, by=None)
    before = Attachment.objects.count()
    again = import_package(package, unit=unit, by=None)
    assert Attachment.objects.count() == before
    assert again.course.pictures.count() == 1


def test_a_look_stores_no_picture_and_no_file(client, course, unit):
    before = Attachment.objects.count()
    upload(client, unit, rezipped(exported(client, course), "counter"))
    assert Attachment.objects.count() == before + 1  # the archive itself
    assert not Course.objects.filter(key="counter").exists()


def test_an_upload_is_taken_in_once_and_only_by_who_sent_it(client, course, unit):
    looked = upload(client, unit, rezipped(exported(client, course), "counter"))
    data = {"upload": looked.context["upload"].reference, "unit": unit.slug}
    client.force_login(person_in(unit, "manager", "middle"))
    assert client.post(url("course_import"), data).status_code == 404
    client.force_login(Import.objects.get().created_by)
    client.post(url("course_import"), data)
    twice = client.post(url("course_import"), data, follow=True)
    assert "This file was taken in already." in text_of(twice)
    package = read_package(io.BytesIO(exported(client, course)))
    with pytest.raises(TakenAlready):
        import_package(package, unit=unit, by=None, import_=Import.objects.get())


def test_the_file_of_a_lesson_that_was_taken_out_of_the_draft_stays_behind(client, course):
    client.post(url("lesson_archive", course.key, "download-2"))
    assert set(read_package(io.BytesIO(exported(client, course))).files) == set()


def test_a_course_without_files_stays_a_text_file(client, manager, unit):
    course = a_course("bare", unit=unit)
    assert 'filename="bare_en.toml"' in client.get(url("course_file", course.key))["Content-Disposition"]


def test_the_command_reads_a_package_too(client, course, unit, tmp_path):
    path = tmp_path / "counter.zip"
    path.write_bytes(rezipped(exported(client, course), "counter"))
    call_command("import_course", str(path), verbosity=0)
    assert CoursePicture.objects.filter(course__key="counter").count() == 1


# ----------------------------------------------------------------- what is refused


def reasons(raw):
    with pytest.raises(FileRefused) as refused:
        read_package(io.BytesIO(raw))
    return " ".join(str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("../../etc/passwd", b"x", "A file of this name has no place in a course."),
        ("/etc/passwd", b"x", "A file of this name has no place in a course."),
        ("files/download-2/..\\..\\evil.pdf", b"x", "A file of this name has no place in a course."),
        ("files/download-2/a\u202egpj.pdf", b"x", "A file of this name has no place in a course."),
        ("files/download-2/sub/dir.pdf", b"x", "A file of this name has no place in a course."),
        ("files/download-2/" + "n" * 200 + ".pdf", b"x", "A file of this name has no place in a course."),
        ("readme.txt", b"x", "A file of this name has no place in a course."),
        ("files/download-2/run.exe", b"MZ", "Only these kinds of files: PDF"),
        ("files/text-1/list.pdf", b"x", "It belongs to no lesson that shows a file."),
        ("files/nowhere/list.pdf", b"x", "It belongs to no lesson that shows a file."),
        ("pictures/ABC/page.png", b"<svg onload=alert(1)>", "This is no PNG, JPEG or WebP picture."),
        ("pictures/ABC/big.png", PNG + b"\0" * 5_000_000, "big.png: The file is too large: at most 5 MB."),
        ("files/download-2/big.pdf", b"\0" * 50_000_001, "big.pdf: The file is too large: at most 50 MB."),
        ("course.toml", None, "There is no “course.toml” in the archive."),
        ("course.toml", b"a = [", "The file is no TOML"),
        ("course.toml", b"a = " + b"1" * 5000, "The file is no TOML"),
        ("course.toml", b"a = 1e99999999999999999999999", "The file is no TOML"),
        ("course.toml", b"#" * 2_000_001, "course.toml: The file is larger than 2000000 bytes."),
    ],
)
def test_hostile_names_and_contents_are_refused_with_their_reason(client, course, name, content, expected):
    assert expected in reasons(rezipped(exported(client, course), "counter", **{name: content}))


def test_a_bomb_is_refused_by_what_it_declares(client, course):
    raw = rezipped(exported(client, course), "counter", **{"pictures/A/a.png": PNG})
    source = zipfile.ZipFile(io.BytesIO(raw))
    place = raw.rindex(b"pictures/A/a.png") - 46  # its entry in the list at the end
    assert source.getinfo("pictures/A/a.png").file_size == len(PNG)
    declared = raw[: place + 24] + struct.pack("<L", 4_000_000_000) + raw[place + 28 :]
    assert "Unpacked, it would be larger than 400 MB." in reasons(declared)


def test_a_member_that_holds_more_than_it_declares_is_refused(client, course):
    raw = rezipped(exported(client, course), "counter", **{"pictures/A/a.png": PNG * 100})
    place = raw.rindex(b"pictures/A/a.png") - 46
    declared = raw[: place + 24] + struct.pack("<L", 20) + raw[place + 28 :]
    assert "The archive is damaged" in reasons(declared)


def test_thousands_of_members_are_refused_before_the_list_is_read(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(MOST_MEMBERS + 1):
            archive.writestr(f"pictures/{number}/a.png", b"")
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "The archive holds more than 300 files." in reasons(out.getvalue())


def test_a_list_in_the_large_form_is_refused_before_it_is_read(client, course, monkeypatch):
    raw = rezipped(exported(client, course), "counter")
    end = raw.rindex(b"PK\x05\x06")
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "The archive is damaged" in reasons(raw[:end] + b"PK\x06\x07" + b"\0" * 16 + raw[end:])


def test_two_members_of_one_name_are_refused(client, course):
    out = io.BytesIO(exported(client, course))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("course.toml", b"")
    assert "It stands twice in the archive." in reasons(out.getvalue())


@pytest.mark.parametrize("cut", [30, 400, -40])
def test_a_damaged_archive_is_refused_and_nothing_breaks(client, course, unit, cut):
    refused = upload(client, unit, exported(client, course)[:cut])
    assert refused.status_code == 422
    assert "The archive is damaged" in text_of(refused)


def test_an_archive_that_was_packed_otherwise_is_refused(client, course):
    source, out = zipfile.ZipFile(io.BytesIO(exported(client, course))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    assert "packed in a way that is not read here" in reasons(out.getvalue())
