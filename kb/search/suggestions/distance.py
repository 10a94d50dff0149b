"""How many characters are wrong: insertions, deletions and substitutions (Levenshtein 1966)."""


def tolerance(length: int) -> int:
    """How many wrong characters are forgiven in a word of `length`: none in a short one."""
    if length < 3:
        return 0
    return 1 if length <= 5 else 2


def distances(typed: str, name: str, most: int) -> tuple[int, int]:
    """How far `typed` is from the whole of `name`, and from the nearest beginning of it.

    Counted up to `most`; whatever is further off is `most` + 1. Only the cells within `most` of
    the diagonal are worked out, so a comparison costs length times (2 `most` + 1).
    """
    far = most + 1
    reach = min(len(name), len(typed) + most)
    above = [at if at <= most else far for at in range(reach + 1)]
    for row, letter in enumerate(typed, start=1):
        first, last = max(1, row - most), min(reach, row + most)
        cells = [far] * (reach + 1)
        if row <= most:
            cells[0] = row
        best = cells[0]
        for at in range(first, last + 1):
            cost = above[at - 1] if letter == name[at - 1] else above[at - 1] + 1
            # Comparisons, not min(): a third of the time of a question goes in here.
            if above[at] < cost:
                cost = above[at] + 1
            if cells[at - 1] < cost:
                cost = cells[at - 1] + 1
            if cost < far:
                cells[at] = cost
                if cost < best:
                    best = cost
        if best == far:
            return far, far
        above = cells
    whole = above[len(name)] if len(name) <= reach else far
    return whole, min(above)
