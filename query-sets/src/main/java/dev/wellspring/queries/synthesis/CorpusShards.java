package dev.wellspring.queries.synthesis;

import com.github.luben.zstd.ZstdOutputStream;
import dev.wellspring.queries.corpus.CorpusException;
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
import java.util.function.LongConsumer;

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
    private static final String PART = ".part";
    private static final String LINES = ".jsonl";

    /// How many documents go by before progress hears of them.
    private static final int STEP = 1000;

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

    /// A file's name, which it has once it is whole.
    ///
    /// @param shard from 0
    public String file(int shard) {
        return String.format(Locale.ROOT, "documents-%05d-of-%05d.%s", shard, shards, format.extension());
    }

    /// How many documents a file has.
    ///
    /// @param shard from 0
    public long documents(int shard) {
        return start(shard + 1) - start(shard);
    }

    /// Writes one file, whole or not at all.
    ///
    /// @param shard from 0
    /// @param progress hears now and then how many documents more are written
    /// @throws CorpusException if it cannot be written
    public Shard write(int shard, LongConsumer progress) {
        String name = file(shard);
        Path part = directory.resolve(name + PART);
        Path lines = format == CorpusFormat.PARQUET ? directory.resolve(name + LINES + PART) : part;
        try {
            MessageDigest digest = sha256();
            Map<Role, Long> roles = new EnumMap<>(Role.class);
            try (OutputStream file = Files.newOutputStream(lines)) {
                writeLines(compressed(file), shard, digest, roles, progress);
            }
            if (format == CorpusFormat.PARQUET) {
                ParquetFile.write(lines, DocumentLines.columns(), part);
                Files.delete(lines);
            }
            Files.move(
                    part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new Shard(name, documents(shard), roles, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException failure) {
            throw CorpusException.at(
                    directory.resolve(name).toString(),
                    "a file that can be written",
                    String.valueOf(failure.getMessage()),
                    "make room or choose another folder, then run again: finished files are kept",
                    failure);
        } finally {
            discard(part, lines);
        }
    }

    private OutputStream compressed(OutputStream file) throws IOException {
        return format == CorpusFormat.JSONL_ZST ? new ZstdOutputStream(file) : file;
    }

    /// What a failure leaves behind; nothing otherwise.
    private static void discard(Path part, Path lines) {
        try {
            Files.deleteIfExists(part);
            Files.deleteIfExists(lines);
        } catch (IOException leftBehind) {
            throw CorpusException.unreadable(part.toString(), leftBehind);
        }
    }

    private long start(int shard) {
        return count / shards * shard + Math.min(shard, count % shards);
    }

    private void writeLines(
            OutputStream file, int shard, MessageDigest digest, Map<Role, Long> roles, LongConsumer progress)
            throws IOException {
        long from = start(shard);
        long to = start(shard + 1);
        try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(file, BUFFER), digest);
                DocumentLines lines = new DocumentLines(out)) {
            for (long index = from; index < to; index++) {
                LabelledDocument document = documents.at(index);
                roles.merge(document.role(), 1L, Long::sum);
                lines.write(document);
                if ((index - from + 1) % STEP == 0) {
                    progress.accept(STEP);
                }
            }
        }
        progress.accept((to - from) % STEP);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
