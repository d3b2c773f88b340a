package dev.wellspring.cli.report;

/// How findings are shown.
public enum TableFormat {
    /// For people: what matters most.
    TABLE,
    /// For programs: everything.
    JSON,
    /// For spreadsheets: the longest table.
    CSV,
    /// The same as a file.
    PARQUET
}
