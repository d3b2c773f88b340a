package dev.wellspring.store.scores;

import dev.wellspring.influence.ScoreSink;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.ArrowWriter;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes one shard of scores and, if the layout asks for them, the token and module scores beside it.
///
/// The score file gets its name last, so a shard is complete exactly when its `scores-NNNNN.arrow` exists. A shard
/// that already exists is replaced on [#commit].
public final class ScoreShardWriter implements ScoreSink {
    private final Path scoreFile;
    private final ScoreLayout layout;
    private final EnumMap<ShardFormat, ArrowWriter> writers = new EnumMap<>(ShardFormat.class);

    /// Opens shard number `shard` of a run directory, which must exist.
    ///
    /// @throws StoreFileException if a file cannot be created
    public ScoreShardWriter(Path directory, int shard, ScoreLayout layout) {
        this.scoreFile = ShardFormat.SCORES.file(directory, shard);
        this.layout = layout;
        boolean opened = false;
        try {
            for (ShardFormat format : ShardFormat.values()) {
                if (format.isKept(layout)) {
                    writers.put(format, new ArrowWriter(format.file(directory, shard), format.schema(layout)));
                }
            }
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    @Override
    public void write(ScoredDocument document, double @Nullable [][] tokenScores, double @Nullable [][] moduleScores) {
        int queries = layout.queries().size();
        require("scores", queries, document.scores().length);
        requireKept("tokenScores", ShardFormat.TOKENS, tokenScores);
        requireKept("moduleScores", ShardFormat.MODULES, moduleScores);
        if (tokenScores != null) {
            require("tokenScores", queries, tokenScores.length);
            for (double[] rows : tokenScores) {
                require("rows of tokenScores", document.tokens() - 1, rows.length);
            }
        }
        double[][] byQuery = moduleScores == null ? null : byQuery(moduleScores);

        writeScores(document);
        if (tokenScores != null) {
            writeLists(ShardFormat.TOKENS, document, tokenScores);
        }
        if (byQuery != null) {
            writeLists(ShardFormat.MODULES, document, byQuery);
        }
    }

    private void writeScores(ScoredDocument document) {
        ArrowWriter scores = writer(ShardFormat.SCORES);
        scores.column(ShardFormat.DOCUMENT).putString(document.document());
        scores.column(ShardFormat.PART).putInt(document.part());
        scores.column(ShardFormat.SOURCE).putString(document.source());
        scores.column(ShardFormat.TOKEN_COUNT).putInt(document.tokens());
        scores.column(ShardFormat.LOSS).putDouble(document.loss());
        scores.column(ShardFormat.GRADIENT_NORM).putDouble(document.gradientNorm());
        scores.column(ShardFormat.PREVIEW).putString(document.preview());
        scores.column(ShardFormat.EXTRAS).putString(document.extras());
        for (int query = 0; query < document.scores().length; query++) {
            scores.column(ShardFormat.SCORES.firstQuery() + query).putDouble(document.scores()[query]);
        }
        scores.endRow();
    }

    private void writeLists(ShardFormat format, ScoredDocument document, double[][] byQuery) {
        ArrowWriter lists = writer(format);
        lists.column(ShardFormat.DOCUMENT).putString(document.document());
        lists.column(ShardFormat.PART).putInt(document.part());
        for (int query = 0; query < byQuery.length; query++) {
            lists.column(format.firstQuery() + query).putDoubles(byQuery[query]);
        }
        lists.endRow();
    }

    /// (modules, queries) to (queries, modules).
    private double[][] byQuery(double[][] byModule) {
        require("moduleScores", layout.modules().size(), byModule.length);
        double[][] byQuery = new double[layout.queries().size()][byModule.length];
        for (int module = 0; module < byModule.length; module++) {
            require("queries of moduleScores", byQuery.length, byModule[module].length);
            for (int query = 0; query < byQuery.length; query++) {
                byQuery[query][module] = byModule[module][query];
            }
        }
        return byQuery;
    }

    private ArrowWriter writer(ShardFormat format) {
        return Objects.requireNonNull(writers.get(format));
    }

    private void requireKept(String name, ShardFormat format, double @Nullable [][] given) {
        if (format.isKept(layout) != (given != null)) {
            throw new IllegalArgumentException(
                    "%s: expected %s, got %s".formatted(name, word(format.isKept(layout)), word(given != null)));
        }
    }

    private static String word(boolean kept) {
        return kept ? "an array" : "null";
    }

    private static void require(String name, int expected, int actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", got " + actual);
        }
    }

    @Override
    public void commit() {
        if (writers.size() > 1) {
            withdraw(); // else a kill between the renames could leave an old score file beside new shares
        }
        for (ShardFormat format : ShardFormat.values()) {
            if (format != ShardFormat.SCORES && format.isKept(layout)) {
                writer(format).commit();
            }
        }
        writer(ShardFormat.SCORES).commit();
    }

    private void withdraw() {
        try {
            Files.deleteIfExists(scoreFile);
        } catch (IOException e) {
            throw new StoreFileException(scoreFile, "cannot be replaced (" + ArrowReader.reason(e) + ")", e);
        }
    }

    @Override
    public void close() {
        writers.values().forEach(ArrowWriter::close);
    }
}
