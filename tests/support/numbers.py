"""Read numbers as pages write them."""

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read_number(text):
    """Return the number that ``format_number`` wrote."""
    factor, _, power = text.replace("−", "-").replace("\u202f", "").rpartition("10")
    if power.translate(SUPERSCRIPTS) == power:  # no power of ten: the digits 10 are part of a number
        return float(factor + _ + power)
    factor = factor.replace("\u00a0×\u00a0", "") or "1"
    return float(f"{factor.replace('-', '-1') if factor == '-' else factor}e{power.translate(SUPERSCRIPTS)}")
