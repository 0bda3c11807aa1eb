"""Files that people really have: what comes out of each, and that pandas reads the same numbers."""

import io
import json
import re
import zipfile
from pathlib import Path
from time import process_time

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import losses
from app.common import limits
from app.problem_setup.custom_dataset import TableError, parse_dataset, unescape
from app.problem_setup.tables.csv_import import Choices, preview_table
from app.problem_setup.tables.file_decoding import decode_file
from losses.core.checkpoint import checked_by

FOLDER = Path(__file__).parents[3] / "fixtures" / "real_files"
CASES = {case["id"]: case for case in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))}
FILES = {key: case for key, case in CASES.items() if "input" in case}


def preview_of(case):
    how = {name: choice for name, choice in case.get("how", {}).items() if name != "via"}
    how |= {"inputs": tuple(how["inputs"])} if "inputs" in how else {}
    return preview_table(decode_file((FOLDER / case["input"]).read_bytes()).text, Choices(**how))


def rows_of(points):
    """Return the rows of points as texts, without their names."""
    return [row.split(",") for row in points.split("_")[2:]]


def numbers_of(points):
    return [[float(cell) for cell in row] for row in rows_of(points)]


@pytest.mark.parametrize("key", FILES)
def test_a_file_is_read_as_a_person_reads_it(key):
    case = FILES[key]
    preview, expected = preview_of(case), case["expected"]
    if preview.problem:
        assert re.search(expected.get("or_problem_says", "(?!)"), preview.problem), preview.problem
        return
    names = [column.name for column in preview.columns]
    if "values" in expected:
        assert numbers_of(preview.points) == [[float(v) for v in row] for row in expected["values"]]
    if "groups" in expected:
        labels = [row[-1] for row in rows_of(preview.points)]
        order = list(dict.fromkeys(labels))
        assert [order.index(label) for label in labels] == expected["groups"]
    for name, cells in expected.get("column", {}).items():
        assert [float(row[names.index(name)]) for row in preview.rows] == cells
    if "differences_of_first" in expected:
        first = [row[0] for row in numbers_of(preview.points)]
        assert np.diff(first).tolist() == expected["differences_of_first"]
    assert expected.get("task", preview.task) == preview.task
    assert expected.get("names", names) == names
    assert set(expected.get("names_include", ())) <= set(names)
    assert len(set(names)) == len(names)
    assert len(names) >= expected.get("columns_at_least", 0)
    assert expected.get("mentions", "") in " ".join(preview.notes)
    assert not (expected.get("inputs_exclude_first") and 0 in preview.inputs)


PANDAS_READS = {
    "points and commas": ("a,b\n1.5,2\n2.5,-3\n3.5,1e3\n", {}),
    "semicolons": ("a;b\n1,5;2\n2,5;-3\n3,5;1e3\n", {"sep": ";", "decimal": ","}),
    "thousands": ('a,b\n1,"1,200"\n2,"31,000.5"\n3,900\n', {"thousands": ","}),
    "point thousands": (
        "a;b\n1,5;1.200\n2,5;31.000\n3,25;900\n",
        {"sep": ";", "decimal": ",", "thousands": "."},
    ),
    "comments": ("# by hand\n# in mm\na,b\n1,2\n2,4\n3,5\n", {"comment": "#"}),
    "a title": ("Measured in May\na,b\n1,2\n2,4\n3,5\n", {"skiprows": 1}),
    "missing": ("a,b\n1,2\nNA,3\n2,-\n3,.\n4,7\n5,null\n6,8\n", {"na_values": ["-", ".", "null"]}),
    "blanks": ("a   b\n1   2\n22  4\n3   5.5\n", {"sep": r"\s+"}),
    "quotes": ('"a","b"\n"1","2"\n"2","4"\n"3","5"\n', {}),
    "R": ('"a","b"\n"r1",1,2\n"r2",2,4\n"r3",3,5\n', {"index_col": 0}),
}


@pytest.mark.parametrize("key", PANDAS_READS)
def test_pandas_with_fitting_arguments_reads_the_same_numbers(key):
    text, arguments = PANDAS_READS[key]
    frame = pd.read_csv(io.StringIO(text), **arguments).dropna()
    preview = preview_table(text)
    assert preview.problem == ""
    assert numbers_of(preview.points) == frame.astype(float).to_numpy().tolist()


LABELS = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="\"'#%"), min_size=1, max_size=30
)


@given(st.lists(LABELS, min_size=2, max_size=8, unique=True), st.integers(2, 4))
@example(["0", "[]{0,"], 2)
def test_any_text_is_a_label_and_stays_apart_from_others(labels, copies):
    labels = [label + "x" for label in labels]  # neither a number nor a word for a missing one
    text = "\n".join(f"{i}\t{label}" for i, label in enumerate(labels * copies))
    preview = preview_table(text, Choices(header=False, task="binary" if len(labels) == 2 else "multiclass"))
    assert preview.problem == ""
    found = [unescape(row[1]) for row in rows_of(preview.points)]
    assert len(set(found)) == len(labels)
    classes = parse_dataset(preview.points).classes
    assert len(set(classes)) == len(labels)
    assert max(map(len, classes)) <= 24


def test_labels_that_begin_alike_stay_apart():
    same = "the same first twenty-four letters and"
    text = "size\tside\n" + "".join(f"{i}\t{same} {'left' if i % 2 else 'right'}\n" for i in range(6))
    preview = preview_table(text)
    assert (preview.problem, preview.task) == ("", "binary")
    assert len(set(parse_dataset(preview.points).classes)) == 2


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
def test_encodings_of_western_text_are_told(encoding):
    text = "Größe;Prix €\n1,5;2\n2,5;4\n3,5;5\n"
    assert decode_file(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "возраст;рост\n1,5;2\n2,5;4\n3,5;5\n"),
        ("cp1253", "ηλικία;ύψος μαθητών\n1,5;2\n2,5;4\n3,5;5\n"),
        ("shift_jis", "年齢,身長\n1.5,2\n2.5,4\n3.5,5\n"),
        ("gb18030", "年龄,身高体重学生\n1.5,2\n2.5,4\n3.5,5\n"),
        ("mac_roman", "Länge,Fläche\n1,2\n2,4\n3,5\n"),
    ],
)
def test_encodings_of_other_scripts_are_told(encoding, text):
    assert decode_file(text.encode(encoding)).text == text


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_opens_at_its_first_sheet_that_holds_anything():
    days = pd.date_range("2024-01-01", periods=4).to_pydatetime().tolist()
    content = workbook(
        ("notes", []), ("sales", [["day", "sold"], *zip(days, [5, 7.5, 9, 14], strict=True)]), ("b", [[1]])
    )
    file = decode_file(content)
    assert (file.sheets, file.sheet) == (("notes", "sales", "b"), 1)
    preview = preview_table(file.text)
    assert numbers_of(preview.points) == [[0, 5], [1, 7.5], [2, 9], [3, 14]]
    assert "days since 2024-01-01" in preview.notes[0]
    assert decode_file(content, 2).text == "1"


def test_formulas_of_a_workbook_give_the_values_that_were_saved():
    """A spreadsheet saves both; a program that writes formulas alone leaves cells empty, which is told."""
    plain = workbook(("a", [["x", "y"], [1, 2], [2, 4], [3, 7], [4, 9]]))
    edited = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(edited, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                text = re.sub(rb'(<c r="B2"[^>]*>)', rb"\1<f>A2*2</f>", text)
                text = re.sub(rb'(<c r="B3"[^>]*>).*?(</c>)', rb"\1<f>A3*2</f>\2", text)
            target.writestr(name, text)
    preview = preview_table(decode_file(edited.getvalue()).text)
    assert numbers_of(preview.points) == [[1, 2], [3, 7], [4, 9]]
    assert preview.notes == ("1 row is left out: it has no value in y.",)


def test_a_small_workbook_with_a_cell_far_away_costs_nothing():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active.cell(1_048_576, 16_384).value = 2
    file = io.BytesIO()
    book.save(file)
    assert decode_file(file.getvalue()).text == "1"


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CELLS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
TEXTS = "<si><t>a</t><rPh><t>read so</t></rPh></si><si><r><t>b</t></r><r><t>c</t></r></si>"


def written_workbook(cells=CELLS, texts=TEXTS, styles="", sheets="", doctype=""):
    """Return a workbook of parts that are written by hand, each of which can be longer than usual."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = (("worksheet", "sheet1"), ("sharedStrings", "strings"), ("styles", "styles"))
    targets = "".join(
        f'<Relationship Id="{i}" Type="{RELATIONS}/{kind}" Target="{name}.xml"/>'
        for i, (kind, name) in enumerate(kinds)
    )
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="0" '
        f'Type="{RELATIONS}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="one" r:id="0"/>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{targets}</Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        "xl/strings.xml": f'{doctype}<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def test_cells_share_texts_and_have_gaps_between_them():
    assert decode_file(written_workbook()).text == "a\t\tbc"


@pytest.mark.parametrize(
    "bomb",
    [
        {"styles": "<xf/>" * 6_000},
        {"texts": "<si><t/></si>" * 6_000},
        {"cells": "<row/>" * 6_000},
        {"cells": "<row>" + "<c/>" * 6_000 + "</row>"},
        {"sheets": '<sheet name="x" r:id="0"/>' * 6_000},
        {"texts": "<si>" * 6_000 + "</si>" * 6_000},
        {"cells": '<row><c r="XFD1"/></row>' * 25},
        {"texts": f"<si><t>{'a' * 600_000}</t></si>", "cells": '<row><c t="s"><v>0</v></c></row>' * 20},
    ],
)
def test_a_small_file_of_many_elements_is_given_up_at_its_limit(bomb, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WORKBOOK_ELEMENTS", 5_000)
    content = written_workbook(**bomb)
    assert len(content) < 20_000
    with pytest.raises(TableError, match="too large"):
        decode_file(content)


def test_a_workbook_has_no_entities():
    entity = '<!DOCTYPE sst [<!ENTITY a "aaaa">]>'
    with pytest.raises(TableError, match="cannot be read"):
        decode_file(written_workbook(texts="<si><t>&a;</t></si>", doctype=entity))


def test_the_reading_of_a_workbook_can_be_stopped():
    class Halted(Exception):
        pass

    def halt():
        raise Halted

    with checked_by(halt), pytest.raises(Halted):
        decode_file(written_workbook(cells="<row/>" * 6_000))


NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in [("office", "office"), ("table", "table"), ("text", "text"), ("draw", "drawing")]
)


def ods_cell(content="", kind="", tag="table-cell", **attributes):
    """Return a cell with what is in it, the type of its value and other attributes."""
    values = {"value-type": kind} | {key.replace("_", "-"): value for key, value in attributes.items()}
    written = "".join(
        f' {"table" if "repeated" in key else "office"}:{key}="{value}"'
        for key, value in values.items()
        if value != ""
    )
    return f"<table:{tag}{written}>{content}</table:{tag}>"


def ods_row(*cells, count=1):
    return f'<table:table-row table:number-rows-repeated="{count}">{"".join(cells)}</table:table-row>'


def ods_table(*rows, name="t"):
    columns = '<table:table-column table:number-columns-repeated="16384"/>'
    return f'<table:table table:name="{name}">{columns}{"".join(rows)}</table:table>'


COMMENT = "<office:annotation><text:p>a comment</text:p></office:annotation>"
PICTURE = "<draw:frame><text:p>a picture</text:p></draw:frame>"
ODS_TABLE = ods_table(
    ods_row(ods_cell(number_columns_repeated=16384), count=3),
    ods_row(
        ods_cell(COMMENT + "<text:p>day</text:p>", "string"),
        ods_cell(
            PICTURE
            + '<text:p>units<text:s text:c="2"/><text:span>sold</text:span></text:p>\n<text:p>here</text:p>'
        ),
        ods_cell(ods_table(ods_row(ods_cell("<text:p>a table in a cell</text:p>")))),
        ods_cell("<text:p>hidden</text:p>", "string", tag="covered-table-cell"),
        ods_cell(number_columns_repeated=16380),
    ),
    ods_row(
        ods_cell("<text:p>31.01.24</text:p>", "date", date_value="2024-01-31"),
        ods_cell("<text:p>1.234,50</text:p>", "float", value=1234.5, number_columns_repeated=2),
        ods_cell(number_columns_repeated=16381),
        count=2,
    ),
    ods_row(
        ods_cell("<text:p>25 %</text:p>", "percentage", value=0.25),
        ods_cell("<text:p>WAHR</text:p>", "boolean", boolean_value="true"),
        ods_cell("<text:p>01:30</text:p>", "time", time_value="PT01H30M00S"),
        ods_cell("<text:p>#DIV/0!</text:p>", "string"),
    ),
    ods_row(ods_cell(), count=1048570),
    name="sales",
)
ODS_TEXT = "day\tunits sold here\n" + "2024-01-31\t1234.5\t1234.5\n" * 2 + "0.25\tTRUE\t01:30\t#DIV/0!"


def open_document(*tables, doctype=""):
    """Return a spreadsheet with elements as LibreOffice writes them."""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml", f"{doctype}<office:document-content {NAMESPACES}>{body}</office:document-content>"
        )
    return file.getvalue()


def test_the_sheets_of_an_open_document_have_the_values_and_not_what_is_shown():
    content = open_document(ods_table(name="notes"), ODS_TABLE)
    file = decode_file(content)
    assert (file.sheets, file.sheet) == (("notes", "sales"), 1)
    assert file.text == ODS_TEXT
    assert decode_file(content, 0).text == ""


def test_an_error_in_an_open_document_is_shown_though_its_text_is_empty():
    error = ods_cell("<text:p>#DIV/0!</text:p>", "string").replace(">", ' office:string-value="">', 1)
    assert decode_file(open_document(ods_table(ods_row(error)))).text == "#DIV/0!"


def test_a_table_of_an_open_document_becomes_data():
    numbers = [[1, 2], [2, 4.5], [3, 5]]
    rows = [ods_row(*(ods_cell("<text:p>?</text:p>", "float", value=x) for x in row)) for row in numbers]
    preview = preview_table(decode_file(open_document(ods_table(*rows))).text)
    assert numbers_of(preview.points) == numbers


LONG = f"<text:p>{'x' * 30_000}</text:p>"
FAR = ods_row(ods_cell(number_columns_repeated=100_000), ods_cell("<text:p>x</text:p>"))


@pytest.mark.parametrize(
    ("rows", "elements"),
    [
        ("<table:table-row/>" * 6_000, 5_000),
        (ods_row("<table:table-cell/>" * 6_000), 5_000),
        (ods_row(ods_cell("<text:p>x</text:p>", number_columns_repeated=10**6)), 10**6),
        (ods_row(ods_cell("<text:p>x</text:p>"), count=900_000), 10**6),
        (ods_row(ods_cell(LONG, number_columns_repeated=400)), 10**6),
        (ods_row(ods_cell(LONG), count=400), 10**6),
        (FAR * 5, 10**6),
    ],
)
def test_a_small_open_document_is_given_up_at_its_limits(rows, elements, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WORKBOOK_ELEMENTS", elements)
    content = open_document(ods_table(rows))
    assert len(content) < 20_000
    with pytest.raises(TableError, match="too large"):
        decode_file(content)


@pytest.mark.parametrize(
    "damaged",
    [
        open_document(doctype='<!DOCTYPE a [<!ENTITY a "aaaa">]>'),
        open_document(ods_table(ods_row(ods_cell(kind="float")))),
        open_document("<table:table>"),
        open_document(),
    ],
)
def test_a_damaged_open_document_gets_a_sentence(damaged):
    with pytest.raises(TableError, match="This workbook cannot be read"):
        decode_file(damaged)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04 and no archive", "This file is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "Save it as .xlsx, .ods or CSV"),
        (b"\x7fELF\x01\x02\x00\x00\x05", "neither text nor a workbook"),
        (b"x" * (limits.MAX_PASTE_BYTES + 1), "more than 1 MB"),
        (workbook(("a", [["x" * 30_000] * 400])), "too large"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(content, problem):
    with pytest.raises(TableError, match=re.escape(problem)):
        decode_file(content)


def test_of_too_many_rows_a_seeded_sample_is_taken_and_told():
    text = "x,y\n" + "".join(f"{i},{i * i % 97}\n" for i in range(12_345))
    preview = preview_table(text)
    assert preview.count == limits.MAX_DATA_ROWS
    assert preview.notes == ("These are 2000 of 12345 rows, drawn at random with seed 0.",)
    assert preview_table(text) == preview
    rows = numbers_of(preview.points)
    assert all(y == x * x % 97 for x, y in rows)
    assert [x for x, _ in rows] == sorted(x for x, _ in rows)


def test_the_reading_of_an_open_number_is_told_and_the_other_is_offered():
    text = "a;b\n1;1,234\n2;2,345\n3;3,456"
    first = preview_table(text)
    assert (first.decimal, numbers_of(first.points)[0]) == (".", [1, 1234])
    assert first.notes == ("1,234 is read as 1234.",)
    other = preview_table(text, Choices(decimal=","))
    assert (other.decimal, numbers_of(other.points)[0]) == (",", [1, 1.234])
    assert preview_table(text + "\n4;0,5").decimal == ""


def test_rows_without_a_label_are_left_out_or_kept_as_a_class():
    text = "x,kind\n1,a\n2,b\n3,NA\n4,a\n5,b\n6,"
    preview = preview_table(text)
    assert (preview.count, preview.unlabeled, preview.task) == (4, 2, "binary")
    assert preview.notes == ("2 rows are left out: they have no value in kind.",)
    kept = preview_table(text, Choices(keep_unlabeled=True, task="multiclass"))
    assert [row[1] for row in rows_of(kept.points)] == ["a", "b", "NA", "a", "b", "no answer"]


def test_columns_in_different_units_name_the_cell():
    preview = preview_table("x,mass\n1,5 kg\n2,6 kg\n3,700 g\n4,8 kg")
    assert preview.problem == "Line 4: '700 g' in mass has another unit than kg."


def test_the_last_column_is_not_the_target_if_it_only_names_the_rows():
    names = "\n".join(f"{i},{2 * i + i % 3},car {i}" for i in range(20))
    assert preview_table("size,price,name\n" + names).target == 1


def test_seconds_since_1970_vary():
    text = "t,v\n" + "".join(f"{1_700_000_000 + 60 * i},{i * i % 7}\n" for i in range(8))
    points = preview_table(text).points
    assert numbers_of(points)[1] == [1_700_000_060, 1]
    problem = losses.problem(parse_dataset(points), "line", "mse", standardize=True)
    assert losses.certify(problem).lowest == True  # noqa: E712
    assert np.isfinite(losses.surface(problem, size=11).z).all()


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("59:58", "1:00:02", "1:00:05"), "Times are read where all are written alike"),
        (("9:05 PM", "9:05", "10:30"), "Times are read where all"),
        (("12:30", "12:30", "12:30"), "Every row of t says 750"),
        (("soon", "soon", "soon"), "Choose a column of numbers"),
    ],
)
def test_a_table_without_numbers_gets_a_sentence_that_helps(cells, told):
    rows = "".join(f"{cell},{label}\n" for cell, label in zip(cells, "aba", strict=True))
    assert preview_table("t,v\n" + rows).problem.startswith(told)


@pytest.mark.parametrize(
    ("cells", "values", "note"),
    [
        ("08:00 08:10 23:59", [480, 490, 1439], "23:59 is read as 1439."),
        ("08:00:01 08:10:02.5 0:00:10", [28801, 29402.5, 10], "08:10:02.5 is read as 29402.5."),
        ("1:23.45 1:22,1 0:59.9", [83.45, 82.1, 59.9], "1:23.45 is read as 83.45."),
        ("8:00AM 12:30PM 12:15am", [480, 750, 15], "12:30PM is read as 750."),
        ("100:30 2:00 NA 3:15", [6030, 120, 195], "100:30 is read as 6030."),
    ],
)
def test_clock_times_are_numbers_if_all_are_written_alike(cells, values, note):
    rows = [f"{cell};{i * i}" for i, cell in enumerate(cells.split())]
    preview = preview_table("\n".join(["t;y", *rows]))
    assert [row[0] for row in numbers_of(preview.points)] == pytest.approx(values)
    assert preview.notes[0] == note


@pytest.mark.parametrize("cells", [("2020-01-01", "2020-01-02", "2020-01-05"), ("8:00", "8:10", "9:00")])
def test_words_above_times_and_labels_are_names(cells):
    rows = [f"{cell};{label}" for cell, label in zip(cells, "aba", strict=True)]
    preview = preview_table("\n".join(["when;kind", *rows]))
    assert (preview.header, [column.name for column in preview.columns]) == (True, ["when", "kind"])
    assert not preview_table("\n".join(rows)).header


@pytest.mark.parametrize("cells", ["2:1 0:0 1:3", "12:75 13:80 14:99", "1:02:03:04 1:02:03:05 1:02:03:06"])
def test_results_and_ratios_are_no_clock_times(cells):
    rows = [f"{i};{cell}" for i, cell in enumerate(cells.split())]
    assert preview_table("\n".join(["n;v", *rows])).task == "multiclass"


def test_quarters_are_dates():
    points = preview_table("q,v\n2020-Q1,1\n2020-Q2,4\n2020-Q3,2\n2020-Q4,7\n").points
    assert [row[0] for row in numbers_of(points)] == [0, 91, 182, 274]


def test_years_above_a_table_are_names():
    preview = preview_table("2018,2019,2020\n1.5,2,4\n2.5,3,5\n3.5,9,6\n1,4,4")
    assert preview.header
    assert [column.name for column in preview.columns] == ["2018", "2019", "2020"]


@pytest.mark.parametrize(
    "text",
    ["[1," * 20_000, "\n" * 60_000, " " * 60_000, "\t" * 60_000, "-" * 60_000 + "x"],
    ids=["open brackets", "empty lines", "blanks", "tabs", "a rule with a letter"],
)
def test_the_time_for_a_text_grows_with_its_length_and_not_with_its_square(text):
    begin = process_time()
    preview_table("a,b\n1,2\n2,3\n3,5\n" + text)
    assert process_time() - begin < 2  # seconds; a search that begins anew at each character takes five


def test_lists_in_brackets_get_a_sentence():
    problem = preview_table("x = [1, 2, 3]\ny = [2, 4, 5]\nz = [1, 1, 1]").problem
    assert problem.startswith("These are lists in brackets.")
    assert not preview_table("a [1, 2\nb [2, 4\nc [1, 1").problem.startswith("These are lists")
