"""Pasted tables: every usual notation is parsed, every fault is named with its line."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.common import limits
from app.problem_setup.custom_dataset import TableError, parse_dataset
from app.problem_setup.tables.csv_import import Choices, parse_table, preview_table

PLAIN_ROWS = [("1.5", "2"), ("2.5", "4.25"), ("-3", "6")]


def rows_of(points):
    """Return the numbers of a dataset in link syntax, row by row."""
    data = parse_dataset(points)
    return [tuple(float(v) for v in row) for row in zip(data.x, data.y, strict=True)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", " ", "|", ", ", "   "])
@pytest.mark.parametrize("header", [None, ("size", "price")])
def test_delimiters_headers_and_line_ends_are_detected(delimiter, header, newline):
    rows = [header, *PLAIN_ROWS] if header else PLAIN_ROWS
    result = preview_table(newline.join(delimiter.join(row) for row in rows) + newline)
    assert result.problem == ""
    assert rows_of(result.points) == [(1.5, 2.0), (2.5, 4.25), (-3.0, 6.0)]
    assert [column.name for column in result.columns] == list(header or ("x", "y"))
    assert result.header is bool(header)


@pytest.mark.parametrize(
    "text",
    [
        "1,5;2\n2,5;4,25\n-3;6",
        "1,5\t2\n2,5\t4,25\n-3\t6",
        '"1,5","2"\n"2,5","4,25"\n"-3","6"'.replace('","', '";"'),
        "1,5 2\n2,5 4,25\n−3 6",
        "\ufeffx;y\r\n1,5;2\r\n\r\n2,5;4,25\r\n-3;6\r\n",
    ],
)
def test_decimal_commas_are_detected(text):
    assert rows_of(preview_table(text).points) == [(1.5, 2.0), (2.5, 4.25), (-3.0, 6.0)]


@pytest.mark.parametrize(
    ("text", "names", "first"),
    [
        ('"a","b"\n"1,5","2,5"\n"2,5","3,5"\n"3,5","4"', "a,b", "1.5,2.5"),
        ('"size, m²";"price, €"\n52;1,200\n71;2,400\n64;2,000', "size~c m²,price~c €", "52,1200"),
        ("a;b\n1,5 €;2\n2,5 €;3\n4 €;5", "a,b", "1.5,2"),
    ],
)
def test_a_comma_is_decimal_if_a_number_has_no_other_reading(text, names, first):
    """Quoted, it may be decimal beside commas as delimiters; in a name it tells nothing about numbers."""
    result = preview_table(text)
    assert result.problem == ""
    assert result.points.startswith(f"regression_{names}_{first}_")


def test_commas_between_thousands_are_removed():
    result = preview_table('town,people\n"1","1,200"\n"2","31,000.5"\n"3","900"')
    assert rows_of(result.points) == [(1.0, 1200.0), (2.0, 31000.5), (3.0, 900.0)]
    assert rows_of(preview_table("1;1,200,000\n2;3,500,000\n3;900").points)[0] == (1.0, 1.2e6)


@pytest.mark.parametrize(
    "text",
    [
        "town;people\n1;1.200\n2;31.000,5\n3;900",
        "town;people\n1;1 200\n2;31 000,5\n3;900",
        "town\tpeople\n1\t1'200\n2\t31'000.5\n3\t900",
        "town;people\n1;1200 €\n2;€31000,5\n3;900",
        "town,people,\n1,1200,\n2,31000.5,\n3,900,\n",
        ",town,people\n,1,1200\n,2,31000.5\n,3,900\n",
    ],
)
def test_numbers_with_separated_thousands_units_and_empty_columns_are_parsed(text):
    result = preview_table(text)
    assert [column.name for column in result.columns] == ["town", "people"]
    assert rows_of(result.points) == [(1.0, 1200.0), (2.0, 31000.5), (3.0, 900.0)]


def test_a_column_of_words_is_a_binary_target():
    result = preview_table("width,height,kind\n1,2,cat\n2,1,dog\n3,4,cat\n5,3,dog")
    assert (result.task, result.inputs, result.target) == ("binary", (0, 1), 2)
    assert parse_dataset(result.points).classes == ("cat", "dog")
    assert result.rows[0] == ("1", "2", "cat")


def test_the_choice_of_columns_and_task_is_respected():
    text = "a,b,c\n1,9,0\n2,7,1\n3,8,0\n4,5,1"
    assert preview_table(text).task == "binary"
    result = preview_table(text, Choices(inputs=(2,), target=1, task="regression"))
    assert (result.inputs, result.target) == ((2,), 1)
    assert parse_dataset(result.points).target_name == "b"
    assert preview_table(text, Choices(inputs=(1,), target=1)).inputs == (0, 2), "the target is not an input"
    assert preview_table(text, Choices(inputs=(0,), target=1)).inputs == (0,)
    assert preview_table(text, Choices(header=False)).problem == "Line 1: 'a' in x1 is not a number."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Paste two or three columns, one row per line."),
        ("1\n2\n3", "There is only one column; commas, semicolons, tabs or blanks separate columns."),
        ("1,2\n3,4", "At least 3 rows are needed."),
        (
            "x,y\n1,5,2,5\n2,5,3,5\n3,5,5,1",
            "Line 1 has 2 of 4 columns. If commas are decimal marks, put semicolons",
        ),
        ("1,\n2,\n3,", "There is only one column;"),
        ("x,y\n1,2\n3,4\n\n\nfive,6\n7,8", "Line 6: 'five' in x is not a number."),
        ("x,y\n1,2\n3,4\n5," + "z" * 30, "Line 4: '" + "z" * 24 + "' in y is not a number."),
        ("x,y\n1,2\n2,inf\n3,4", "Line 3: 'inf' in y is not a number."),
        ("x,y\n1,2\n2,1e300\n3,4", "Line 3: '1e300' is too large: at most 1e100."),
        ("x,y\n1,2\n1,3\n1,4", "Every row of x says 1; a column must vary."),
        ("a,b\nx,y\nz,w\nu,v", "Choose a column of numbers as input."),
        ("1,2\n" * (limits.MAX_PASTE_BYTES // 4 + 1), "That is more than 1 MB."),
        ((",".join("12") * 600 + "\n") * 4, "There are"),
        ("x,y\n1,2\n1,2,3\n4,5\n6,7", "Line 3 has 3 of 2 columns."),
        ("x,y\n1,NA\n2,\n3,5\n4,6", "At least 3 rows are needed. 2 rows are left out"),
        ("x = [1, 2, 3]\ny = [2, 4, 5]", "These are lists in brackets."),
        ("x 1 2 3 4 5 6 7\ny 2 4 5 8 9 9 9", "The rows look like columns."),
    ],
)
def test_faults_are_named_with_their_line(text, problem):
    result = preview_table(text)
    assert result.points == ""
    assert result.problem.startswith(problem)


@pytest.mark.parametrize(
    ("cells", "is_numeric"),
    [
        (("1", "a", "2"), True),
        (("1", "a", "2", "b"), False),  # half of them are numbers
        (("1", "a", "2", "b", "c"), False),
        (("1", "2", "a", "", ""), True),  # what is missing does not count
        (("1 kg", "2 kg", "3 m"), True),
        (("1 kg", "2 kg", "3 m", "4 m"), False),  # half of them are in one unit
        (("1 kg", "2 m", "3"), False),
    ],
)
def test_a_column_holds_numbers_if_most_cells_are_numbers_in_one_unit(cells, is_numeric):
    result = preview_table("\n".join(["name;y", *(f"{cell};{i}" for i, cell in enumerate(cells))]))
    assert result.columns[0].numeric is is_numeric


@pytest.mark.parametrize(
    ("words", "is_target"),
    [
        ("cat dog cat dog", True),
        ("cat cat cat cat", False),
        ("Ann Bob Cay Dan", False),
        ("a b c d a a", True),
        ("a b c d e a a", False),  # five labels of seven rows are names
        ("a b c d e f g h i j " * 2, True),
        ("a b c d e f g h i j k " * 2, False),  # a dataset has at most ten classes
    ],
)
def test_the_last_column_is_the_target_if_its_words_can_be_classes(words, is_target):
    rows = [f"{i};{i * i};{word}" for i, word in enumerate(words.split())]
    assert preview_table("\n".join(["x;y;word", *rows])).target == (2 if is_target else 1)


def test_rows_can_be_kept_if_all_that_they_lack_is_a_label():
    text = "x;kind\n1;none\n2;a\n3;NA\n;NA\n4;none\n5;a"  # "none" is a label, but no number
    assert preview_table(text).unlabeled == 1
    assert preview_table("x;y\n1;2\n2;NA\n3;4\n4;6").unlabeled == 0


def test_without_a_target_that_fits_the_last_column_is_it():
    assert preview_table("n;name;town\n5;Ann;A\n7;Bob;B\n6;Cay;C\n9;Dan;D").target == 2


@pytest.mark.parametrize(("titles", "told"), [(1, "Line 1 "), (5, "1, 2, 3, 4, 5 hold"), (6, "5 … hold")])
def test_lines_without_data_are_told_up_to_five(titles, told):
    result = preview_table("Yields\n" * titles + "x;y\n1;2\n2;3\n3;5")
    assert (result.problem, result.count) == ("", 3)
    assert told in result.notes[0]


@pytest.mark.parametrize(("title", "total"), [("", 100), ("Yields\n", 99)])
def test_a_sample_tells_of_how_many_rows_it_is(title, total):
    note = preview_table(title + "x;y\n1;2\n2;3\n3;5", Choices(total_lines=101)).notes[-1]
    assert note == f"These are 3 of {total} rows, drawn at random with seed 0."


@pytest.mark.parametrize(
    ("dates", "may_swap"),
    [(("1/2/2024", "2/2/2024", "3/4/2024"), True), (("1/2/2024", "13/2/2024", "3/4/2024"), False)],
)
def test_dates_of_two_readings_are_told(dates, may_swap):
    result = preview_table("\n".join(["when;y", *(f"{day};{i}" for i, day in enumerate(dates))]))
    first = "2024-01-02" if may_swap else "2024-02-01"
    told = ("The month is read first in when.",) if may_swap else ()
    assert result.notes == (f"when is read as days since {first}.", *told)


def test_a_table_knows_the_lines_of_its_rows():
    table = parse_table('x,y\n\n1,2\n"3",4\n5,6\n')
    assert table.lines == (3, 4, 5)
    with pytest.raises(TableError, match="only one column"):
        parse_table("words\nand\nwords")
    assert preview_table("1,2\n2,3\n3,5").travels
    assert not preview_table("\n".join(f"{i}.123456,{i * i}.654321" for i in range(100))).travels


@given(
    st.text(max_size=200) | st.text("0123456789.,;\t \n\"'-xy", max_size=120),
    st.sampled_from([None, True, False]),
    st.lists(st.integers(-1, 5), max_size=3),
    st.integers(-1, 5),
    st.sampled_from(["", "regression", "binary", "multiclass", "wat"]),
)
def test_any_text_gives_either_points_or_a_problem(text, header, inputs, target, task):
    result = preview_table(text, Choices(header, tuple(inputs), target, task))
    assert bool(result.points) != bool(result.problem)
    if result.points:
        assert len(parse_dataset(result.points).y) == result.count
    else:
        assert result.problem.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["1\n", ","])
def test_reading_the_largest_text_takes_little_memory(piece):
    """Lines and columns are counted before any is kept."""
    text = piece * (limits.MAX_PASTE_BYTES // len(piece))
    tracemalloc.start()
    preview_table(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= 25 * len(text)
