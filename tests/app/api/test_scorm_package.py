"""The SCORM 1.2 package of lessons."""

import io
import json
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from app.api.scorm_package import MAX_LESSONS
from app.browser_assets.module_bundle import script_bundle
from app.lessons import LESSONS
from app.server import create_app
from tests.support.registries import registered

NAMESPACES = {
    "ims": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}


def files_of(answer):
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


def package_in(launch):
    return json.loads(re.search(r'<script id="package"[^>]*>(.*?)</script>', launch)[1])


def test_its_manifest_names_one_sco_and_all_files(client):
    answer = client.get("/scorm/pace,walk.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=losslab-lessons.zip"
    files = files_of(answer)
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    assert manifest.findtext("ims:metadata/ims:schemaversion", namespaces=NAMESPACES) == "1.2"
    (resource,) = manifest.findall("ims:resources/ims:resource", NAMESPACES)
    assert resource.get(f"{{{NAMESPACES['adlcp']}}}scormtype") == "sco"
    named = {file.get("href") for file in resource.findall("ims:file", NAMESPACES)}
    assert named | {"imsmanifest.xml"} == files.keys()
    (item,) = manifest.findall("ims:organizations/ims:organization/ims:item", NAMESPACES)
    assert item.get("identifierref") == resource.get("identifier")


def test_its_lessons_are_links_of_this_server_in_the_language_of_the_query():
    client = create_app(url_base_pathname="/lab/").server.test_client()
    files = files_of(client.get("/lab/scorm/pace,walk,pace.zip?lang=de&hide=opt&rate=3"))
    package = package_in(files["launch.html"])
    assert package["origin"] == "http://localhost"
    assert [lesson["address"] for lesson in package["lessons"]] == [
        f"http://localhost/lab/?s={key}&embed=1&hide=opt&lang=de" for key in ("pace", "walk")
    ]
    assert package["lessons"][0]["title"] == "Doppelte Rate"
    assert '<html lang="de">' in files["launch.html"]
    assert files["launch.js"] == script_bundle("scorm")


def test_the_same_package_has_the_same_bytes(client):
    assert client.get("/scorm/all.zip").data == client.get("/scorm/all.zip").data
    assert len(package_in(files_of(client.get("/scorm/all.zip"))["launch.html"])["lessons"]) == len(LESSONS)
    assert client.get("/scorm/walk.zip").data != client.get("/scorm/pace.zip").data


@pytest.mark.parametrize(
    ("path", "status"),
    [("nope", 404), ("walk,", 404), ("own.x", 404), ("../walk", 404), ("<b>", 404)],
)
def test_what_is_no_lesson_is_refused_with_a_sentence(client, path, status):
    answer = client.get(f"/scorm/{path}.zip")
    assert answer.status_code == status
    assert answer.mimetype != "application/zip"
    assert answer.data.endswith(b".\n")


def test_a_title_is_no_markup_in_the_package(client):
    hostile = replace(LESSONS["walk"], key="hostile", title="</script><b>&amp;", block=9)
    with registered(LESSONS, hostile):
        files = files_of(client.get("/scorm/hostile.zip"))
    assert "</script><b>" not in files["launch.html"]
    ElementTree.fromstring(files["imsmanifest.xml"])


def test_a_package_has_only_so_many_lessons(client, monkeypatch):
    monkeypatch.setattr("app.api.scorm_package.MAX_LESSONS", 2)
    assert len(LESSONS) <= MAX_LESSONS
    assert client.get("/scorm/walk,pace,typo.zip").status_code == 400
