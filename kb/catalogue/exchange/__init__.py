"""Cases as the rows of a CSV file with the column names of DS-451-3: cells and encodings."""
