"""Files of agencies, shops, instruments and programs: what comes out of each, and what is told of it."""

import io
import json
import time
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest

from app.problem_setup.tables.csv_import import Choices, preview_table
from app.problem_setup.tables.file_decoding import decode_file
from app.problem_setup.tables.structured_text import lines_of_cells

XY = [[1, 2], [2, 4], [3, 5], [4, 9]]


def numbers_of(preview):
    assert preview.problem == ""
    return [[float(cell) for cell in row.split(",")] for row in preview.points.split("_")[2:]]


def names_of(preview):
    return [column.name for column in preview.columns]


def column_of(cells):
    """Return the values of cells below each other and the notes on them."""
    preview = preview_table("n;v\n" + "".join(f"{i};{cell}\n" for i, cell in enumerate(cells)))
    return [row[1] for row in numbers_of(preview)], preview.notes


@pytest.mark.parametrize(
    ("cells", "values", "note"),
    [
        ("1.2k|900|2k", [1200, 900, 2000], "1.2k is read as 1200."),
        ("$250K|$1.2M|$3B", [250e3, 1.2e6, 3e9], "$250K is read as 250000."),
        ("€110.5M|€565K|€77M", [110.5e6, 565e3, 77e6], "€110.5M is read as 110500000."),
        ("1,2 Mio. €|950.000 €|2 Mrd. €", [1.2e6, 950e3, 2e9], "1,2 Mio. € is read as 1200000."),
        ("1.2 million|950000|1.1 billion", [1.2e6, 950e3, 1.1e9], "1.2 million is read as 1200000."),
        ("45 Lakh|1.2 Cr|80 Lakh", [45e5, 1.2e7, 80e5], "45 Lakh is read as 4500000."),
        ("3-|2|1-", [-3, 2, -1], "3- is read as -3."),
        ("(1)|2|(3)", [-1, 2, -3], "(1) is read as -1."),
        ("$ (1,234)|$ 2|$ (12)", [-1234, 2, -12], "$ (1,234) is read as -1234."),
        ("12,5*|13,1|11,9", [12.5, 13.1, 11.9], "v is read without what follows its numbers: *"),
        ("12,5¹|13,1|11,9²", [12.5, 13.1, 11.9], "v is read without what follows its numbers: ¹"),
        ("1,234.5[1]|2,345[a]|7", [1234.5, 2345, 7], "v is read without what follows its numbers: [1]"),
        ("5.1 (0.3)|6.2 (0.4)|7.9 (0.2)", [5.1, 6.2, 7.9], "without what follows its numbers: (0.3)"),
        ("10,000+|500+|100+", [10000, 500, 100], "v is read without what follows its numbers: +"),
    ],
)
def test_numbers_that_are_rewritten_are_told(cells, values, note):
    read, notes = column_of(cells.split("|"))
    assert read == pytest.approx(values)
    assert any(note in each for each in notes)


def test_amounts_of_indian_shops_are_numbers():
    read, notes = column_of(["Rs. 12,000/-", "Rs. 18,500/-", "Rs. 22,000.50"])
    assert (read, notes) == ([12000, 18500, 22000.5], ("v is read in Rs..",))


@pytest.mark.parametrize("cell", ["5 kr", "300 K", "7 m", "12 cm", "500 CR"])
def test_units_are_no_powers_of_ten(cell):
    read, _ = column_of([cell, cell.replace(" ", "0 "), cell.replace(" ", "5 ")])
    number = float(cell.split(" ")[0])
    assert read == [number, 10 * number, 10 * number + 5]


def test_numbers_with_a_note_stay_apart_as_labels():
    preview = preview_table("x,kind\n1,1 (a)\n2,1 (b)\n3,1 (a)\n4,1 (b)\n", Choices(task="binary"))
    assert [row.split(",")[1] for row in preview.points.split("_")[2:]] == ["1 (a)", "1 (b)"] * 2


def test_amounts_that_are_no_numbers_are_told():
    preview = preview_table("x,price\n1,$5 each\n2,$7 each\n3,$9 for two\n4,$5 all\n")
    assert preview.notes == ("'$5 all' in price is read as a name, not as a number.",)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ("2 -99.9 5 9", ["−99.9"]), ("2 -99.99 -5 9", ["−99.99"]), ("2 -999.99 5 9", ["−999.99"]),
        ("2 -888 5 -999 9", ["−999", "−888"]), ("2 -9999 5 -999.9 9", ["−9999", "−999.9"]),
    ],
)  # fmt: skip
def test_all_codes_for_no_value_are_told(values, codes):
    cells = values.split()
    read, notes = column_of(cells)
    assert read == [float(cell) for cell in cells if len(cell) < 3]
    assert notes[: len(codes)] == tuple(f"{code} in v is read as no value." for code in codes)


@pytest.mark.parametrize(
    "values", [[-888, -600, 5], [-99, -98, -97], [-99.9, -60, 5], [-999.5, 1, 2], [-88, 1, 2]]
)
def test_values_that_are_like_codes_are_values(values):
    assert column_of(map(str, values)) == (values, ())


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["20", "21", "19", "9999", "22", "9999"], "9999"),
        (["1.2", "-200", "1.5", "1.7", "-200", "1.1"], "−200"),
        (["72", "66", "0", "64", "0", "70"], "0"),
        (["20", "21", "19", "9999", "22", "23"], None),
        (["0", "1", "0", "1", "9", "9"], None),
        (["1", "2", "3", "4", "5", "8", "8"], None),
        (["20", "21", "19", "-999", "22", "-999"], None),
    ],
)
def test_a_repeated_number_far_from_all_others_is_told_as_a_possible_code(cells, code):
    read, notes = column_of(cells)
    sentence = f"{code} in v is read as a number. If it stands for no value, leave these cells empty."
    assert [note for note in notes if "stands for" in note] == ([sentence] if code else [])
    assert len(read) == len([cell for cell in cells if cell != "-999"])


@pytest.mark.parametrize("cell", ["***", "****", "??", "-----", "(null)", "(blank)", "no value", "1.#IND"])
def test_signs_that_fill_a_cell_are_no_number(cell):
    read, notes = column_of(["2", cell, "5", "9"])
    assert (read, notes) == ([2, 5, 9], ("1 row is left out: it has no value in v.",))


@pytest.mark.parametrize("cells", ["202311|202313|202401", "202311|202311|202312", "150101|200102|190103"])
def test_other_numbers_of_six_digits_are_numbers(cells):
    read, notes = column_of(cells.split("|"))
    assert (read, notes) == ([float(cell) for cell in cells.split("|")], ())


def test_quarters_are_no_negative_numbers():
    preview = preview_table("q;n;y\n2022-T2;1;2\n2022-T3;2;4\n2023-T2;3;5\n2023-T3;4;9\n")
    assert (preview.columns[0].numeric, numbers_of(preview)) == (False, XY)


def test_a_constant_column_is_named_with_its_value():
    preview = preview_table("year,y\n2019,1\n2019,2\n2019,5\n")
    assert preview.problem == "Every row of year says 2\u202f019; a column must vary."


HEADS = {
    "groups above the names": (
        ";Run 1;;Run 2;\nt;x;y;u;v\n1;2;3;4;5\n2;4;5;6;8\n3;5;7;9;9\n4;6;9;7;1\n",
        "t x y u v",
        4,
    ),
    "years above the names": (
        "Land,2019,,2020,\n,a,b,c,d\nA,10,200,11,210\nB,20,300,21,330\nC,30,500,31,490\n",
        "x1 a b c d",
        3,
    ),
    "title above names like units": (
        "Ball A\t\t\nt\tx\ty\n0.0\t1.2\t2\n0.1\t1.3\t3\n0.2\t1.4\t5\n",
        "t x y",
        3,
    ),
    "types": (
        "# A tibble: 3 × 2\n      x     y\n  <dbl> <dbl>\n1     1     2\n2     2     4\n3     3     5\n",
        "row x y",
        3,
    ),
    "Polars": (
        "│ x   ┆ y   │\n│ --- ┆ --- │\n│ i64 ┆ str │\n╞═════╪═════╡\n"
        "│ 1   ┆ 2   │\n│ 2   ┆ 4   │\n│ 3   ┆ 5   │\n",
        "x y",
        3,
    ),
    "Vernier": (
        "Vernier Format 2\nUntitled.cmbl 2/5/2024 10:20:30 .\nRun 1\nTime\tPosition\tVelocity\nt\tX\tv\n"
        "s\tm\tm/s\n\n0\t0.5\t0.1\n0.05\t0.51\t0.2\n0.1\t0.53\t0.3\n0.15\t0.56\t0.4\n",
        "t X v",
        4,
    ),
    "oscilloscope": (
        "Model,T2\nFirmware,v1\n\nRecord,2500,points\nTIME,CH1\n-5,1.2\n-4,1.3\n-3,1.9\n",
        "TIME CH1",
        3,
    ),
    "words and steps": (
        "X,CH1,Start,Step\nSequence,Volt,-6e-3,1e-5\n0,1.2,,\n1,1.4,,\n2,1.9,,\n3,2.2,,\n",
        "X CH1 Start Step",
        4,
    ),
    "series of an office": (
        "Series Id:,LNS14\nSeasonally Adjusted\nYears:,2020 to 2022\n\nYear,Jan,Feb,Mar\n"
        "2020,3.5,3.5,4.4\n2021,6.3,6.2,6.0\n2022,4.0,3.8,3.6\n",
        "Year Jan Feb Mar",
        3,
    ),
    "NIST": (
        "NIST/ITL StRD\nDataset Name:  Norris (Norris.dat)\n\nReference:     Norris, J., NIST.\n"
        "Data:          1 Response Variable (y)\n               36 Observations\n"
        "        B0        -0.262323073774029     0.232818234301152\n\n"
        "Data:       y          x\n           0.1        0.2\n         338.8      337.4\n"
        "         118.1      118.2\n         888.0      884.6\n",
        "y x",
        4,
    ),
    "LabVIEW": (
        "LabVIEW Measurement\t\nWriter_Version\t2\nDate\t2019/05/03\n***End_of_Header***\t\n\t\n"
        "Channels\t1\t\nSamples\t10\t\nX_Dimension\tTime\t\n***End_of_Header***\t\t\n"
        "X_Value\tVoltage\tComment\n0.0\t1.234\n0.1\t1.334\n0.2\t1.45\n0.3\t1.534\n",
        "X_Value Voltage",
        4,
    ),
    "months of an office": (
        '"Libellé";"Prix"\n"idBank";"001759970"\n"Dernière mise à jour";"15/01/2021 08:45"\n"Période";""\n'
        '"2020-12";"104.96"\n"2020-11";"104.73"\n"2020-10";"104.51"\n"2020-09";"104.55"\n',
        "Libellé Prix",
        4,
    ),
    "LaTeX": (
        "\\begin{table}\n\\begin{tabular}{cc}\n\\toprule\nx & y \\\\ \\hline\n1 & 2.1 \\\\\n"
        "2 & 3.9 \\\\[2pt]\n"
        "3 & 6.2 \\\\ \\hline\n\\end{tabular}\n\\caption{Fall}\n\\end{table}\n",
        "x y",
        3,
    ),
    "words above two columns of names": (
        "Tabelle: 12411\nBevölkerung: Stichtag;;\nFortschreibung;;\nStichtag;Stand;\n;Anzahl;\n"
        "31.12.2019;83166711;\n31.12.2020;83155031;\n31.12.2021;83237124;\n31.12.2022;84358845;e\n__________\nStand:;;\n",
        "Stichtag Stand y",
        5,
    ),
    "runs": (
        "Time\tDistance\nRun 1\tRun 1\n0.0\t0.1\n0.1\t0.2\n0.2\t0.4\n",
        "Time Distance",
        3,
    ),
    "sheet of a teacher": (
        "Klasse 9b\nDatum\t2024-05-03\nm in g\tF in N\tBemerkung\n50\t0.49\n100\t0.98\n"
        "150\t1.5\n200\t1.9\nMittel\n",
        "m,in,g F,in,N",
        4,
    ),
    "sentences": (
        " The house-price data of H. D. and R. D. 'Hedonic\n prices and the demand for clean air', 1978.\n\n"
        " 0.006  18.00   2.310\n 0.027   0.00   7.070\n 0.027   5.00   7.170\n",
        "x1 x2 y",
        3,
    ),
}


@pytest.mark.parametrize("key", HEADS)
def test_names_are_found_among_the_lines_above_the_numbers(key):
    text, names, count = HEADS[key]
    preview = preview_table(text)
    assert ([name.replace(" ", ",") for name in names_of(preview)], preview.total_rows) == (
        names.split(),
        count,
    )
    assert key == "LaTeX" or "no data" in preview.notes[0]  # its commands are a frame


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Body height mass\n0.1 0.2\n338.8 337.4\n118.1 118.2\n", "Line 1 has 3 of 2 columns."),
        ("x y\nof it\n1 2\n2 3\n3 4\n5 6 7\n8 9\n", "Line 6 has 3 of 2 columns."),
        ("x,y\n1,2\n2,3\n3,4\n1,2,3\n1,3,3\n2,3,4\n", "Line 5 has 3 of 2 columns."),
        ("x\ty\n1\t2\n2\t4\n3\t7\t8\n4\t9\n5\t3\n6\t1\n", "Line 4 has 3 of 2 columns."),
    ],
)
def test_rows_and_names_are_not_taken_for_text_above_a_table(text, problem):
    assert problem in preview_table(text).problem


@pytest.mark.parametrize(
    ("durations", "values", "note"),
    [
        ([61, 62.5, 93_630, 0], [61, 62.5, 93_630, 0], "26:00:30 is read as 93630."),
        ([61, 62, -3600, 0], [61, 62, -3600, 0], "0:01:02 is read as 62."),
        ([4e6, 5e6, 7e6], [4e6 / 86400, 5e6 / 86400, 7e6 / 86400], "lap is read in d."),
    ],
)
def test_durations_of_a_workbook_are_seconds(durations, values, note):
    book = openpyxl.Workbook()
    for row in (("n", "lap"), *((i, timedelta(seconds=each)) for i, each in enumerate(durations))):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    preview = preview_table(decode_file(content.getvalue()).text)
    assert [row[1] for row in numbers_of(preview)] == pytest.approx(values)
    assert note in preview.notes


def test_formulas_without_results_are_told():
    book = openpyxl.Workbook()
    for row in (("x", "y"), *((i, f"=A{i + 2}*2" if i % 2 else i * i) for i in range(8))):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    file = decode_file(content.getvalue())
    assert file.notes == (
        "Formulas without a saved result are empty. Open the workbook in a spreadsheet and save it.",
    )
    assert numbers_of(preview_table(file.text)) == [[0, 0], [2, 4], [4, 16], [6, 36]]


def test_an_input_has_values_in_most_rows():
    rows = [f",,,{i},{i * i % 7}" for i in range(5)]
    preview = preview_table("\n".join(["Points,2500,,7,1", "Interval,4e-6,,8,3", *rows]))
    assert numbers_of(preview) == [[7, 1], [8, 3], *([i, i * i % 7] for i in range(5))]


def test_a_number_below_what_is_measured_is_no_value():
    read, notes = column_of(["45", "<1", "47", "60"])
    assert read == [45, 47, 60]
    assert notes == ("<1 in v is read as no value.", "1 row is left out: it has no value in v.")


def test_a_first_row_without_its_date_keeps_its_numbers():
    rows = [f"2020-0{i},{i},{i * i}" for i in range(1, 8)]
    assert preview_table("\n".join(["date,x,y", ",9,4", *rows])).total_rows == 8


@pytest.mark.parametrize(("names", "target"), [("y x", 0), ("y x1 x2", 0), ("x y", 1), ("y z", 1)])
def test_a_first_column_called_y_is_the_target_beside_x(names, target):
    rows = ["1 2 3", "2 4 1", "3 7 2", "5 1 4"]
    lines = [names, *(" ".join(row.split()[: len(names.split())]) for row in rows)]
    assert preview_table("\n".join(lines)).target == target


@pytest.mark.parametrize(
    ("text", "rows", "note"),
    [
        (
            "region;x;y\nEast;1;2\nEast;2;4\nEast Total;3;6\nW;3;5\nW;4;9\nW Total;7;14\nTotal;10;20\n",
            XY,
            "Lines 4, 7, 8 hold no data.",
        ),
        ("ort;x;y\nA;1;2\nSumme A;1;2\nB;2;4\nB;3;5\nB;4;9\nSumme B;9;18\n", XY, "Lines 3, 7 hold no data."),
        ("oil;x;y\nShell;1;2\nTotal;2;4\nEni;3;5\nBP;4;9\n", XY, None),
    ],
)
def test_sums_of_groups_are_no_examples(text, rows, note):
    preview = preview_table(text)
    assert (numbers_of(preview), preview.notes) == (rows, (note,) if note else ())


@pytest.mark.parametrize("word", ["Totalt", "Summa", "Medelvärde", "Razem", "I alt", "Σ", "平均"])
def test_a_total_in_other_languages_is_no_example(word):
    preview = preview_table(f"ort;x;y\na;1;2\nb;2;4\nc;3;5\nd;4;9\n{word};10;20\n")
    assert (numbers_of(preview), preview.notes) == (XY, ("Line 6 holds no data.",))


def test_a_total_above_the_others_or_without_a_word_is_no_example():
    above = preview_table("ort;x;y\nInsgesamt;10;20\na;1;2\nb;2;4\nc;3;5\nd;4;9\n")
    assert (numbers_of(above), above.notes) == (XY, ("Line 2 holds no data.",))
    below = preview_table("ort;x;y\na;1;2\nb;2;4\nc;3;5\nd;4;9\n;10;20\n")
    assert (numbers_of(below), below.notes) == (XY, ("Line 6 holds no data.",))
    assert preview_table("ort;x;y\na;1;2\nb;2;4\nc;3;5\nd;4;9\n;10;21\n").count == 5
    assert preview_table("ort;x;y\nTotal;1,5;2\nb;2;4\nc;3;5\nd;4;9\n").count == 4


def test_an_inch_opens_no_cell():
    preview = preview_table('size;x;y\n5";1;2\n6";2;4\n7";3;5\n8";4;9\n')
    assert (names_of(preview), numbers_of(preview)) == (["size", "x", "y"], XY)


def test_a_row_in_quotation_marks_is_a_row():
    assert numbers_of(preview_table('"x,y"\n"1,2"\n"2,4"\n"3,5"\n"4,9"\n')) == XY


RECORDS = [{"x": x, "y": y} for x, y in XY]
FEATURES = [{"type": "Feature", "geometry": {"type": "Point"}, "properties": each} for each in RECORDS]
JSON = {
    "rows by number": {str(i): record for i, record in enumerate(RECORDS)},
    "rows by name": {f"row {i}": record for i, record in enumerate(RECORDS)},
    "split": {"columns": ["x", "y"], "index": [0, 1, 2, 3], "data": XY},
    "pages": [{"page": 1, "total": 4}, RECORDS],
    "records in records": [{"id": "a", "at": {"x": record["x"]}, "y": record["y"]} for record in RECORDS],
    "features": {"type": "FeatureCollection", "features": FEATURES},
}


@pytest.mark.parametrize("key", JSON)
def test_records_of_json_are_rows_however_they_are_nested(key):
    assert numbers_of(preview_table(json.dumps(JSON[key]))) == XY


def test_a_number_of_json_or_of_a_workbook_has_one_reading():
    text = json.dumps([{"x": x / 8, "y": f"{y},5"} for x, y in XY])
    assert numbers_of(preview_table(text))[0] == [0.125, 2.5]
    preview = preview_table(json.dumps([{"x": 1 + x / 8, "y": f"{y},5"} for x, y in XY]))
    assert (numbers_of(preview)[0], preview.decimal) == ([1.125, 2.5], "")
    book = openpyxl.Workbook()
    for row in (["x", "y"], *([1 + x / 8, f"{y},5"] for x, y in XY)):
        book.active.append(row)
    assert numbers_of(preview_table(decoded(book).text))[0] == [1.125, 2.5]


def test_cells_of_html_may_span_rows_and_columns():
    text = (
        "<!-- <tr><td>0<td>0<td>0 --><table><tr><th rowspan=2>g</th><th colspan='2'>Run<!-- a --></th></tr>"
        "<tr><th>x</th><th>y</th></tr><tr><td rowspan=2>a</td><td>1</td><td>2</td></tr>"
        "<tr><td>2</td><td>4</td></tr><tr><td rowspan=2>b</td><td>3</td>"
        "<td>5<sup><a href='#n'>[1]</a></sup></td></tr>"
        "<tr><td>4</td><td>9<sup>a</sup></td></tr></table>"
    )
    preview = preview_table(text)
    assert (names_of(preview), numbers_of(preview)) == (["g", "x", "y"], XY)
    assert preview.rows[1] == ("a", "2", "4")


@pytest.mark.parametrize(
    "piece",
    ["<tr><td colspan=999>1", "<tr><td rowspan=999>1<td>", "<sup><sup>", "<!--", "<tr><td rowspan=9 "],
)
def test_a_page_with_many_spans_is_cheap(piece):
    start = time.process_time()
    lines_of_cells("<tr><td>1<td>2" + piece * (500_000 // len(piece)))
    assert time.process_time() - start < 5


def test_a_matrix_with_a_common_factor_has_its_values():
    text = "A =\n\n   1.0e+03 *\n\n    0.0010    1.2000\n    0.0020    1.4000\n    0.0030    1.9000\n"
    assert numbers_of(preview_table(text)) == [[1, 1200], [2, 1400], [3, 1900]]
    assert "1.0e+03 *" in lines_of_cells(text.replace("0.0010", "x"))


def test_a_large_factor_makes_no_long_text():
    text = "1.0e+99 *\n" + "1 2 3\n" * 9
    assert len(lines_of_cells(text)) < 3 * len(text)


def decoded(book):
    file = io.BytesIO()
    book.save(file)
    return decode_file(file.getvalue())


def book_of(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def test_times_of_a_workbook_keep_their_fractions():
    times = [datetime(2024, 1, 13, 12, 0, 0, 1000 * i) for i in (0, 250, 500, 750)]
    text = decoded(book_of([["t", "y"], *([each, i] for i, each in enumerate(times))])).text
    assert [row[0] for row in numbers_of(preview_table(text))] == pytest.approx(
        [0.5 + i / 4 / 86400 for i in range(4)], abs=1e-9
    )


def test_what_is_hidden_in_a_sheet_or_far_below_is_told():
    book = book_of([["x", "y"], *XY])
    assert decoded(book).notes == ()
    book.active.row_dimensions[3].hidden = True
    hidden = "Hidden rows and columns of the sheet are read, too."
    assert decoded(book).notes == (hidden,)
    book = book_of([["x", "y"], *XY])
    book.active.column_dimensions["A"].hidden = True
    assert decoded(book).notes == (hidden,)
    book = book_of([["x", "y"], *XY])
    book.active.column_dimensions["C"].hidden = True
    assert decoded(book).notes == (), "there is nothing in it"
    book.active.cell(200, 1).value = 1
    assert decoded(book).notes == ("What is below row 5 of the sheet is not read.",)


def open_document(columns, row):
    """Return a spreadsheet of LibreOffice with elements for its columns and attributes of its second row."""
    spaces = "xmlns:table='t' xmlns:office='o' xmlns:text='x'"
    cells = "".join(f"<table:table-cell office:value-type='float' office:value='{i}'/>" for i in (1, 2))
    content = (
        f"<office:spreadsheet {spaces}><table:table table:name='a'>{columns}<table:table-row>{cells}"
        f"</table:table-row><table:table-row {row}>{cells}</table:table-row></table:table>"
        "</office:spreadsheet>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", content)
    return decode_file(file.getvalue())


@pytest.mark.parametrize(
    ("columns", "row", "is_told"),
    [
        ("<table:table-column/>", "", False),
        ("", "table:visibility='filter'", True),
        ("<table:table-column table:visibility='collapse'/>", "", True),
        ("<table:table-column/><table:table-column table:visibility='collapse'/>", "", True),
        (
            "<table:table-column table:number-columns-repeated='2'/>"
            "<table:table-column table:visibility='collapse' table:number-columns-repeated='99'/>",
            "",
            False,
        ),
    ],
)
def test_what_is_hidden_in_a_spreadsheet_of_libreoffice_is_told(columns, row, is_told):
    file = open_document(columns, row)
    assert file.text == "1\t2\n1\t2"
    assert file.notes == (("Hidden rows and columns of the sheet are read, too.",) if is_told else ())


def test_the_sheet_that_is_shown_is_read_and_no_hidden_one():
    book = book_of([["about", "this"], ["a", "book"], ["of", "data"]])
    data = book.create_sheet("Data")
    for row in (["x", "y"], *XY):
        data.append(row)
    assert decoded(book).sheet == 0
    book.active = 1
    assert (decoded(book).sheet, numbers_of(preview_table(decoded(book).text))) == (1, XY)
    book.active = 0
    book["Sheet"].sheet_state = "hidden"
    assert decoded(book).sheet == 1
