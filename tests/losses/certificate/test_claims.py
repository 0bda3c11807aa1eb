"""Claims of certificates are compared, never taken for truth values or for bools."""

import ast
from pathlib import Path

import pytest

import losses
from losses.certificate.certificate import unknown_certificate

ROOT = Path(__file__).parents[3]
CLAIMS = {"exists", "unique", "lowest", "complete"}
SOURCES = [path for folder in ("losses", "app", "tests", "tools") for path in (ROOT / folder).rglob("*.py")]


def identity_tests_with_bools(tree):
    """Return the lines that ask whether a claim *is* True, False or None, which none ever is."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute)
        and node.left.attr in CLAIMS
        and isinstance(node.ops[0], ast.Is | ast.IsNot)
        and isinstance(node.comparators[0], ast.Constant)
    ]


def test_the_check_finds_an_identity_test():
    assert identity_tests_with_bools(ast.parse("c.exists is False\nc.exists is losses.NO")) == [1]


def test_no_claim_is_tested_for_identity_with_a_bool():
    found = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := identity_tests_with_bools(ast.parse(path.read_text())))
    }
    assert found == {}


@pytest.mark.parametrize("claim", ["exists", "unique", "lowest"])
def test_unknown_claims_have_no_truth_value(claim):
    with pytest.raises(losses.UnknownClaim):
        bool(getattr(unknown_certificate(), claim))


def test_all_claims_of_all_certificates_are_ternary():
    for p in (losses.problem("norris", "line", "mse"), losses.problem("separable", "logistic", "bce")):
        c = losses.certify(p)
        assert all(isinstance(claim, losses.Ternary) for claim in (c.exists, c.unique, c.lowest))


def test_curvature_too_small_to_tell_from_zero_is_none():
    """The squared hinge of separable classes is 0 in a whole region."""
    assert losses.certify(losses.problem("separable", "logistic", "squared_hinge")).strong_convexity is None
