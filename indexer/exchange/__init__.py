"""Cases out of and into CSV files with the column names of DS-451-3."""
