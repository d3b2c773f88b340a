package dev.wellspring.queries.corpus;

import java.nio.file.Path;
import java.util.Locale;

/// What a file holds, by the end of its name.
enum Format {
    JSONL,
    CSV,
    PARQUET,
    ARROW;

    /// @throws CorpusException if the name ends in none of the known ways
    static Format of(Path file) {
        String name = fileName(file).toLowerCase(Locale.ROOT);
        String extension = name.replaceFirst("^.*?\\.(?=[^.]+(\\.gz|\\.zst)?$)", "");
        return switch (extension) {
            case "jsonl", "jsonl.gz", "jsonl.zst" -> JSONL;
            case "ndjson", "ndjson.gz", "ndjson.zst" -> JSONL;
            case "json", "json.gz", "json.zst" -> JSONL;
            case "csv", "csv.gz", "csv.zst" -> CSV;
            case "parquet" -> PARQUET;
            case "arrow", "feather", "ipc" -> ARROW;
            default ->
                throw CorpusException.at(
                        file.toString(),
                        "a name that ends in .jsonl or .csv (also with .gz or .zst), .parquet, .arrow, .feather or .ipc",
                        fileName(file),
                        "rename or convert the file");
        };
    }

    /// Opens the file's rows under the name that errors and missing ids give it.
    Rows open(Path file, String label, Content content) {
        return switch (this) {
            case JSONL -> new JsonLines(file, label);
            case CSV -> new CsvRows(file, label, content);
            case PARQUET -> new ParquetRows(file, label, content);
            case ARROW -> new ArrowRows(file, label, content);
        };
    }

    static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
