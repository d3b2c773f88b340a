package dev.wellspring.queries.synthesis;

import com.github.luben.zstd.ZstdOutputStream;
import dev.wellspring.queries.corpus.ParquetFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/// The first `count` documents of a corpus as a number of files. Each is written on its own, in constant
/// memory, so that neither order nor threads change a byte.
///
/// @param documents what to write
/// @param count how many, in all files
/// @param shards how many files, each with as many documents as the next, or one more
/// @param format of the files
/// @param directory where they go; it exists
public record CorpusShards(Documents documents, long count, int shards, CorpusFormat format, Path directory) {
    private static final int BUFFER = 1 << 16;

    /// Checks the numbers.
    public CorpusShards {
        if (count < 1 || shards < 1 || shards > count) {
            throw new IllegalArgumentException(
                    "expected 1 <= shards <= count, got " + shards + " shards and " + count + " documents");
        }
    }

    /// What was written.
    ///
    /// @param file its name
    /// @param documents how many it holds
    /// @param roles how many of each role
    /// @param sha256 of its documents as JSON Lines, whatever the format, in 64 hexadecimal digits
    public record Shard(String file, long documents, Map<Role, Long> roles, String sha256) {}

    /// Writes one file, whole or not at all.
    ///
    /// @param shard from 0
    /// @throws IOException if it cannot be written
    public Shard write(int shard) throws IOException {
        String name = String.format(Locale.ROOT, "documents-%05d-of-%05d.%s", shard, shards, format.extension());
        Path target = directory.resolve(name);
        Path part = directory.resolve(name + ".part");
        long from = start(shard);
        long to = start(shard + 1);
        MessageDigest digest = sha256();
        Map<Role, Long> roles = new EnumMap<>(Role.class);
        switch (format) {
            case JSONL -> writeLines(Files.newOutputStream(part), from, to, digest, roles);
            case JSONL_ZST -> writeLines(new ZstdOutputStream(Files.newOutputStream(part)), from, to, digest, roles);
            case PARQUET -> {
                Path lines = directory.resolve(name + ".jsonl.part");
                writeLines(Files.newOutputStream(lines), from, to, digest, roles);
                ParquetFile.write(lines, DocumentLines.columns(), part);
                Files.delete(lines);
            }
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Shard(name, to - from, roles, HexFormat.of().formatHex(digest.digest()));
    }

    private long start(int shard) {
        return count / shards * shard + Math.min(shard, count % shards);
    }

    private void writeLines(OutputStream file, long from, long to, MessageDigest digest, Map<Role, Long> roles)
            throws IOException {
        try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(file, BUFFER), digest);
                DocumentLines lines = new DocumentLines(out)) {
            for (long index = from; index < to; index++) {
                LabelledDocument document = documents.at(index);
                roles.merge(document.role(), 1L, Long::sum);
                lines.write(document);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
