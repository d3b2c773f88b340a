package dev.wellspring.store.scores;

import dev.wellspring.influence.ScoreSink;
import dev.wellspring.influence.ScoredDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes one shard of scores and, if the layout asks for them, the token and module scores beside it.
///
/// The score file gets its name last, so a shard is complete exactly when its `scores-NNNNN.arrow` exists. A shard
/// that already exists is replaced on [#commit].
public final class ScoreShardWriter implements ScoreSink {
    private final Path directory;
    private final int shard;
    private final ScoreLayout layout;
    private final ArrowWriter scores;
    private final @Nullable ArrowWriter tokens;
    private final @Nullable ArrowWriter modules;

    /// Opens shard number `shard` of a run directory, which must exist.
    ///
    /// @throws ScoreFileException if a file cannot be created
    public ScoreShardWriter(Path directory, int shard, ScoreLayout layout) {
        this.directory = directory;
        this.shard = shard;
        this.layout = layout;
        this.scores = open(ShardFormat.SCORES);
        this.tokens = ShardFormat.TOKENS.isKept(layout) ? open(ShardFormat.TOKENS) : null;
        this.modules = ShardFormat.MODULES.isKept(layout) ? open(ShardFormat.MODULES) : null;
    }

    private ArrowWriter open(ShardFormat format) {
        return new ArrowWriter(format.file(directory, shard), format.schema(layout));
    }

    @Override
    public void write(ScoredDocument document, double @Nullable [][] tokenScores, double @Nullable [][] moduleScores) {
        int queries = layout.queries().size();
        require("scores", queries, document.scores().length);
        if (tokens == null ? tokenScores != null : tokenScores == null) {
            throw new IllegalArgumentException("tokenScores: expected as the layout says: " + layout.tokenScores());
        }
        if (modules == null ? moduleScores != null : moduleScores == null) {
            throw new IllegalArgumentException("moduleScores: expected as the layout says: " + layout.modules());
        }
        if (tokenScores != null) {
            require("tokenScores", queries, tokenScores.length);
        }
        if (moduleScores != null) {
            require("moduleScores", layout.modules().size(), moduleScores.length);
        }

        writeScores(document);
        if (tokens != null && tokenScores != null) {
            writeLists(tokens, document, tokenScores);
        }
        if (modules != null && moduleScores != null) {
            writeLists(modules, document, transposed(moduleScores, queries));
        }
    }

    private void writeScores(ScoredDocument document) {
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

    private static void writeLists(ArrowWriter writer, ScoredDocument document, double[][] lists) {
        writer.column(ShardFormat.DOCUMENT).putString(document.document());
        writer.column(ShardFormat.PART).putInt(document.part());
        for (int query = 0; query < lists.length; query++) {
            writer.column(ShardFormat.TOKENS.firstQuery() + query).putDoubles(lists[query]);
        }
        writer.endRow();
    }

    private static double[][] transposed(double[][] byModule, int queries) {
        double[][] byQuery = new double[queries][byModule.length];
        for (int module = 0; module < byModule.length; module++) {
            require("moduleScores of module " + module, queries, byModule[module].length);
            for (int query = 0; query < queries; query++) {
                byQuery[query][module] = byModule[module][query];
            }
        }
        return byQuery;
    }

    private static void require(String name, int expected, int actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", got " + actual);
        }
    }

    @Override
    public void commit() {
        if (tokens != null || modules != null) {
            withdraw(); // else a kill between the renames would leave an old score file beside new shares
        }
        if (tokens != null) {
            tokens.commit();
        }
        if (modules != null) {
            modules.commit();
        }
        scores.commit();
    }

    private void withdraw() {
        Path file = ShardFormat.SCORES.file(directory, shard);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ScoreFileException(file, "cannot be replaced (" + ArrowReader.reason(e) + ")", e);
        }
    }

    @Override
    public void close() {
        for (ArrowWriter writer : opened()) {
            writer.close();
        }
    }

    private List<ArrowWriter> opened() {
        return Stream.of(scores, tokens, modules).filter(Objects::nonNull).toList();
    }
}
