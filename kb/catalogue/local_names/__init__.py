"""What people call municipalities that the shipped tables do not know, as curators record it."""
