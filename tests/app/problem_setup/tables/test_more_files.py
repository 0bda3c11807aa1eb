"""Files of other programs, languages and habits: what comes out of each, computed by hand."""

import json
import time

import pytest

from app.problem_setup.custom_dataset import unescape
from app.problem_setup.tables.csv_import import preview_table
from app.problem_setup.tables.file_decoding import decode_file

XY = [[1, 2], [2, 4], [3, 5], [4, 9]]
ROWS = "1,2\n2,4\n3,5\n4,9\n"


def numbers_of(preview):
    assert preview.problem == ""
    return [[float(cell) for cell in row.split(",")] for row in preview.points.split("_")[2:]]


def names_of(preview):
    return [column.name for column in preview.columns]


@pytest.mark.parametrize(
    "cells",
    [
        ("12.–", "15.-", "20.50"), ("12,-", "15,--", "20,50"), ("12.– CHF", "15.– CHF", "20.50 CHF"),
        ("'12'", "'15'", "20.5"),
        ("12円", "15円", "20.5円"), ("12℃", "15 ℃", "20.5 °C"), ("12㎏", "15kg", "20.5㎏"),
        ("12", "15", "20½"), ("0.012k", "0.015k", "0.0205k"), ("1,200E1", "1,500E1", "2,050E1"),
        ("12 ± 0.5", "15 ± 1", "20.5±0.25"), ("12+/-1", "15+/-1", "20.5+/-1"),
    ],
)  # fmt: skip
def test_amounts_measurements_and_units_are_numbers(cells):
    preview = preview_table("n;v\n" + "".join(f"{i};{cell}\n" for i, cell in enumerate(cells)))
    assert (preview.task, numbers_of(preview)) == ("regression", [[0, 12], [1, 15], [2, 20.5]])


def test_an_uncertainty_that_is_not_read_is_told():
    assert preview_table("x,y\n1,5.0±0.1\n2,6.1±0.1\n3,7.4±0.2").notes == (
        "y is read without its uncertainty (±).",
    )


@pytest.mark.parametrize("cell", ["1/2", "1h30", "2 p", "0x10", "12:30"])
def test_labels_that_look_like_numbers_are_told(cell):
    text = "x,y\n1,3/4\n2,2/3\n3," + cell
    preview = preview_table(text)
    assert preview.task == "multiclass"
    assert any("is read as a name, not as a number." in note for note in preview.notes)
    assert preview_table(text.replace("\n", "\n9,low\n8,low\n7,mid\n6,mid\n", 1)).notes == ()


@pytest.mark.parametrize(
    "missing",
    [
        "#NV", "#WERT!", "#BEZUG!", "#VALEUR!", "#NOMBRE!", "#N/D", "#¡VALOR!", "#¡DIV/0!", "#¿NOMBRE?",
        "#Н/Д", "#ERROR!", "Err:502", "####", "k. A.", "k.A.", "n.d.", "n/d", "…", ":", "\\N", "missing",
    ],
)  # fmt: skip
def test_what_programs_of_other_languages_write_for_no_value_is_none(missing):
    preview = preview_table(f"x;y\n1;2\n2;{missing}\n3;5\n4;9\n")
    assert numbers_of(preview) == [[1, 2], [3, 5], [4, 9]]
    assert preview.notes == ("1 row is left out: it has no value in y.",)


@pytest.mark.parametrize("missing", ["#NV", "#N/D", "NaN", "nan", "<NA>", "n/a", "NULL"])
def test_and_no_label(missing):
    preview = preview_table(f"x,g\n1,a\n2,b\n3,{missing}\n4,a\n5,b\n")
    assert (preview.task, preview.count, preview.unlabeled) == ("binary", 4, 1)


@pytest.mark.parametrize("code", ["-999", "-9999", "-999.0", "-99"])
def test_a_code_for_no_value_is_told(code):
    preview = preview_table(f"x,y\n1,2\n2,{code}\n3,5\n4,9\n5,{code}\n")
    assert numbers_of(preview) == [[1, 2], [3, 5], [4, 9]]
    number = code.removesuffix(".0").replace("-", "−")
    assert preview.notes[0] == f"{number} in y is read as no value."


@pytest.mark.parametrize(
    "text", ["x,y\n1,-999\n2,-600\n3,5\n", "x,y\n1,-99\n2,-98\n3,-97\n", "x,y\n1,999\n2,1\n3,2\n"]
)
def test_a_value_among_others_is_no_code(text):
    preview = preview_table(text)
    assert (preview.count, preview.notes) == (3, ())


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        ("1. März 2024|3. März 2024|13. März 2024", [0, 2, 12]),
        ("Januar 2024|Februar 2024|März 2024", [0, 31, 60]),
        ("1er février 2024|3 février 2024|13 février 2024", [0, 2, 12]),
        ("juin 2024|juillet 2024|août 2024", [0, 30, 61]),
        ("enero 2024|febrero 2024|marzo 2024", [0, 31, 60]),
        ("1 de febrero de 2024|3 de febrero de 2024|13 de febrero de 2024", [0, 2, 12]),
        ("Jan-24|Feb-24|Mar-24", [0, 31, 60]),
        ("Mo, 01.01.2024|Di, 02.01.2024|Do, 04.01.2024", [0, 1, 3]),
        ("Mon 1 Jan 2024|Tue 2 Jan 2024|Thu 4 Jan 2024", [0, 1, 3]),
        ("1/2/2024 12:00 AM|1/3/2024 12:00 PM|1/14/2024 6:00 PM", [0, 1.5, 12.75]),
        ("20240131|20240201|20240204", [0, 1, 4]),
        ("2024年1月31日|2024年2月1日|2024年2月4日", [0, 1, 4]),
        ("Q1 2020|Q2 2020|Q4 2020", [0, 91, 274]),
        ("202311|202312|202401", [0, 30, 61]),
        ("2021010100|2021010112|2021010200", [0, 0.5, 1]),
        ("20210101T000000|20210101T120000|20210102T000000", [0, 0.5, 1]),
        ("202101010000|202101011200|202101020000", [0, 0.5, 1]),
        ("13 jan 2024|14 jan 2024|1 maj 2024", [0, 1, 109]),
    ],
)
def test_dates_of_other_languages_and_programs_are_days(cells, days):
    preview = preview_table("d;y\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells.split("|"))))
    assert [row[0] for row in numbers_of(preview)] == days
    assert "is read as days since" in preview.notes[0]


def test_a_date_that_does_not_exist_is_named():
    preview = preview_table("d,y\n2024-02-28,1\n2024-02-29,2\n2024-02-30,4\n2024-03-01,5\n")
    assert preview.problem == "Line 4: '2024-02-30' in d is not a date."
    assert preview_table("d,y\n1·5,1\n2·5,2\n3·5,4\n").problem == "Line 2: '1·5' in d is not a number."


ABOVE_AND_BELOW = {
    "metadata of as many cells": ("Device,Logger\nSerial,12345\nInterval,5\nx,y\n" + ROWS, "1, 2, 3"),
    "title of as many cells": ("Yields,2024\nx,y\n" + ROWS, "1"),
    "title, names, units": ("Run 1,Run 1\nx,y\ns,V\n" + ROWS, "1, 3"),
    "a total": ("x,y\n" + ROWS + "Total,20\n", "6"),
    "total and mean": ("x,y\n" + ROWS + "Summe:,20\nMittelwert,5\n", "6, 7"),
    "a source with commas": ("x,y\n" + ROWS + "Source: Office, Bern, 2024\n", "6"),
    "names again": ("x,y\n1,2\n2,4\nx,y\n3,5\n4,9\n", "4"),
    "names again below their units": ("x,y\ns,m\n1,2\n2,4\nx,y\n3,5\n4,9\n", "2, 5"),
}


@pytest.mark.parametrize("key", ABOVE_AND_BELOW)
def test_lines_above_and_below_the_data_are_no_data(key):
    text, lines = ABOVE_AND_BELOW[key]
    preview = preview_table(text)
    assert (names_of(preview), numbers_of(preview)) == (["x", "y"], XY)
    assert preview.notes[0] in (f"Line {lines} holds no data.", f"Lines {lines} hold no data.")


@pytest.mark.parametrize("word", ["Total", "Gesamt", "Somme", "Suma", "Total 2024", "Mean", "कुल"])
def test_a_total_beside_names_is_no_example(word):
    preview = preview_table(f"class,x,y\n7a,1,2\n7b,2,4\n7c,3,5\n7d,4,9\n{word},10,20\n")
    assert numbers_of(preview) == XY
    assert preview.notes == ("Line 6 holds no data.",)


def test_a_last_example_of_such_a_name_is_one():
    children = "who,x,y\nAnna,1,2\nBela,2,4\nCleo,3,5\nMax,4,9\n"
    assert preview_table(children).count == 4
    assert preview_table(children.replace("Max", "Dora") + "Min,1,2\nMax,4,9\n").count == 4
    assert preview_table("kind,x,y\ntotal,1,2\npart,2,4\npart,3,5\ntotal,4,9\n").count == 4
    assert preview_table("who,x,y\nA: one,1,2\nB: two,2,4\nC: three,3,5\nD: four,4,9\n").count == 4


PRINTED = {
    "cells with blanks": (
        "Name        Age Score\nAnn Smith    12    50\nBob Jones    13    61\nCay Lee      15    70\n",
        ["Name", "Age", "Score"],
        [[12, 50], [13, 61], [15, 70]],
    ),
    "names of rows with blanks": (
        "               mpg cyl\nMazda RX4     21.0   6\nMazda RX4 Wag 21.5   6\nDatsun 710    22.8   4\n",
        ["x1", "mpg", "cyl"],
        [[21, 6], [21.5, 6], [22.8, 4]],
    ),
    "Polars": (
        "shape: (3, 2)\n┌─────┬─────┐\n│ x   ┆ y   │\n│ --- ┆ --- │\n╞═════╪═════╡\n"
        "│ 1   ┆ 2   │\n│ 2   ┆ 4   │\n│ 3   ┆ 5   │\n└─────┴─────┘\n",
        ["x", "y"],
        XY[:3],
    ),
    "reStructuredText": ("==  ==\nx   y\n==  ==\n1   2\n2   4\n3   5\n==  ==\n", ["x", "y"], XY[:3]),
    "Weka": (
        "@relation t\n@attribute 'a b' numeric\n@attribute y numeric\n@data\n1,2\n2,4\n3,5\n",
        ["a b", "y"],
        XY[:3],
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", PRINTED)
def test_printed_tables_are_read(key):
    text, names, rows = PRINTED[key]
    preview = preview_table(text)
    assert (names_of(preview), numbers_of(preview)) == (names, rows)


def test_an_empty_cell_of_a_printed_table_moves_no_other():
    text = "x    y    z\n1    2    5\n2         6\n3    5    7\n4    9    1\n"
    assert preview_table(text).rows[1] == ("2", "", "6")


@pytest.mark.parametrize(
    "text",
    [
        '[{"x":1,"y":2},{"x":2,"y":4},{"x":3,"y":5},{"x":4,"y":9}]',
        '{"x":1,"y":2}\n{"x":2,"y":4}\n{"x":3,"y":5}\n{"x":4,"y":9}\n',
        '{"about":"a class","data":[{"x":1,"y":2},{"x":2,"y":4},{"x":3,"y":5},{"x":4,"y":9}]}',
        json.dumps([{"x": x, "y": y} for x, y in XY], indent=2),
        '{"x":[1,2,3,4],"y":[2,4,5,9]}',
        '{"x":{"0":1,"1":2,"2":3,"3":4},"y":{"0":2,"1":4,"2":5,"3":9}}',
        '[["x","y"],[1,2],[2,4],[3,5],[4,9]]',
        "[[1,2],[2,4],[3,5],[4,9]]",
        "(1,2),(2,4),(3,5),(4,9)",
        "(1, 2)\n(2, 4)\n(3, 5)\n(4, 9)",
        "L = {(1, 2), (2, 4), (3, 5), (4, 9)}",
        "np.array([[1., 2.],\n [2., 4.],\n [3., 5.],\n [4., 9.]])",
        "[[1. 2.]\n [2. 4.]\n [3. 5.]\n [4. 9.]]",
        "A = [1 2; 2 4; 3 5; 4 9];",
        "<html><TABLE border=1><tr><th>x</th><th><b>y</b></th></tr><tr><td>1<td>2</tr><tr><td>2</td>"
        "<td>4&nbsp;</td><tr><td>3</td><td>5</td></tr><tr><td>4</td><td>9</td></tr></table><p>the end",
    ],
)
def test_data_in_json_html_and_brackets_are_rows(text):
    preview = preview_table(text)
    assert (names_of(preview), numbers_of(preview)) == (["x", "y"], XY)


def test_json_with_gaps_and_words_is_a_table():
    preview = preview_table(
        '[{"x":1,"ok":true},{"x":2.50,"ok":false},{"ok":true,"x":null},{"x":4,"ok":false},{"x":5}]'
    )
    assert preview.rows == (("1", "TRUE"), ("2.50", "FALSE"), ("", "TRUE"), ("4", "FALSE"), ("5", ""))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("", "3 7 8 15"), ("", "100 101 102 103"), ("ID", "1001 1002 1003 1007"),
        ("PassengerId", "33 17 81 5"), ("student_id", "33 17 81 5"), ("Nr", "4 3 2 1"), ("Nr.", "1 2 4 5"),
        ("S.No", "1 2 3 4"), ("Sl. No.", "1 2 3 4"), ("N.º", "1 2 3 4"), ("क्रमांक", "1 2 3 4"),
        ("Student", "1 2 3 4"),
    ],
)  # fmt: skip
def test_what_numbers_or_identifies_the_rows_is_no_input(name, cells):
    rows = zip(cells.split(), XY, strict=True)
    text = f"{name},x,y\n" + "".join(f"{cell},{x},{y}\n" for cell, (x, y) in rows)
    assert numbers_of(preview_table(text)) == XY


@pytest.mark.parametrize(("name", "cells"), [("fluid", "5 3 8 1"), ("pos", "5 3 8 1"), ("id", "5 3 3 1")])
def test_other_columns_are_inputs(name, cells):
    rows = zip(cells.split(), XY, strict=True)
    text = f"{name},x,y\n" + "".join(f"{cell},{x},{y}\n" for cell, (x, y) in rows)
    assert preview_table(text).inputs == (0, 1)


@pytest.mark.parametrize(
    ("text", "inputs", "target"),
    [
        ("k,x,y\n5,1,2\n5,2,4\n5,3,5\n5,4,9\n", (1,), 2),
        ("x,y,k\n1,2,7\n2,4,7\n3,5,7\n4,9,7\n", (0,), 1),
        ("x,twice,y\n1,2,2\n2,4,4\n3,6,5\n4,8,9\n", (0,), 2),
        ("x,y,remark\n1,2,\n2,4,a\n3,5,\n4,9,b\n", (0,), 1),
    ],
)
def test_without_a_choice_columns_are_taken_that_make_a_problem(text, inputs, target):
    preview = preview_table(text)
    assert (preview.inputs, preview.target, numbers_of(preview)) == (inputs, target, XY)


def test_a_last_column_without_a_name_moves_no_name():
    preview = preview_table("x,y\n1.5,2,a\n2.5,4,b\n3.5,5,a\n4.5,9,b\n")
    assert preview.rows[0] == ("1.5", "2", "a")
    assert names_of(preview)[:2] == ["x", "y"]


def test_lines_about_a_table_of_years_are_not_its_names():
    text = '"Source","Indicators",\n"Updated","2024-01-01",\n"Land","Code","2019","2020"\n'
    preview = preview_table(text + '"A","AA",1.5,2\n"B","BB",2.5,3\n"C","CC",3.5,5\n')
    assert names_of(preview) == ["Land", "Code", "2019", "2020"]


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_joined_letters_and_emoji_are_names_and_labels(joiner):
    labels = [f"a{joiner}b", f"c{joiner}d"] * 2
    preview = preview_table(
        f"x,قد{joiner}بلند\n" + "".join(f"{i},{label}\n" for i, label in enumerate(labels))
    )
    assert preview.problem == ""
    assert [unescape(row.split(",")[1]) for row in preview.points.split("_")[2:]] == labels


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("mac_roman", "T °C;Länge µm\n1,5;2\n"), ("cp1252", "GRÖSSE;FLÄCHE\n1,5;2\n"),
        ("mac_roman", "GRÖSSE;FLÄCHE\n1,5;2\n"),
        ("cp850", "Größe;Tür\n1,5;2\n"), ("mac_roman", "Âge;Taille à l’école\n1,5;2\n"),
        ("cp1252", "Âge;Taille à l’école\n1,5;2\n"), ("mac_roman", "Año;Tamaño\n1,5;2\n"),
        ("iso8859-15", "Prix €;Œuvre\n1,5;2\n"), ("cp1250", "Wiek;Długość ścieżki\n1,5;2\n"),
        ("cp1252", "Temp °C;Fläche m²;±\n1,5;2;3\n"), ("utf-16-le", "आयु\tऊंचाई\n1,5\t2\n"),
    ],
)  # fmt: skip
def test_short_texts_in_other_encodings_are_decoded(encoding, text):
    assert decode_file(text.encode(encoding)).text == text


@pytest.mark.parametrize("text", ["¿Edad?;Año\n1,5;2\n", "1ª;¡Año!\n1,5;2\n"])
def test_spanish_marks_are_told_from_letters(text):
    assert decode_file(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    "labels",
    ["Model 3|Model 5", "Set-01|Set-02", "@ann|@bob", "May|June", "missing|present", "'a'|'b'", "A1|B2"],
)
def test_labels_stay_labels(labels):
    one, other = labels.split("|")
    preview = preview_table(f"@x,kind\n1,{one}\n2,{other}\n3,{one}\n4,{other}\n")
    assert (names_of(preview), preview.task) == (["@x", "kind"], "binary")
    assert [row.split(",")[1] for row in preview.points.split("_")[2:]] == [one, other] * 2


def test_wrong_bytes_do_not_change_the_letters_of_others():
    assert decode_file("Größe,Höhe\n1,2\n".encode() + b"# \xff\n").text == "Größe,Höhe\n1,2\n# \ufffd\n"
    assert decode_file("Größe".encode().decode("cp1252").encode()).text == "Größe"
    assert decode_file(b"x,y\n1,2\n\0\0\0").text == "x,y\n1,2\n"


def test_a_few_rows_sum_a_table_up():
    rows = [f"total {i},{i},{i * i}" for i in range(40)]
    preview = preview_table("\n".join(["what,x,y", *rows]))
    assert preview.points.count("_") == 1 + 40 - 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", [" ", "\t", "\\", "\\\\[", "1<", "[", "(1", '"', "|", "&", "=", "-", "1,", "±"]
)
@pytest.mark.parametrize("frame", ["{}\\x", "a;b\n1;{}x\n2;3\n3;5", "{}\n1 2\n2 3\n3 5"])
def test_no_long_line_takes_much_longer_than_one_of_letters(unit, frame):
    """A pattern that tries each end from each beginning would take a hundred times as long."""

    def seconds(line):
        begun = time.process_time()
        preview_table(frame.format(line))
        return time.process_time() - begun

    assert seconds(unit * (60_000 // len(unit))) < 40 * seconds("a" * 60_000)
