package dev.wellspring.queries.synthesis;

/// What a corpus is written as.
public enum CorpusFormat {
    /// JSON Lines.
    JSONL("jsonl"),
    /// JSON Lines compressed with zstd.
    JSONL_ZST("jsonl.zst"),
    /// Apache Parquet, compressed with zstd.
    PARQUET("parquet");

    private final String extension;

    CorpusFormat(String extension) {
        this.extension = extension;
    }

    /// The end of its files' names.
    public String extension() {
        return extension;
    }
}
