"""From a file to pages that can be trusted: readers asked in turn, each page judged."""
