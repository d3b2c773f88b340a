package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.index.Addition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The documents that a store was made from, as far as they were given again: a corpus for each addition.
final class IndexedDocuments {
    private final Path store;
    private final List<Addition> additions;
    private final Map<Addition, CorpusSource> corpora = new HashMap<>();

    /// Reads all files once, to know them by their digests.
    ///
    /// @param groups the files of one `--documents` each
    /// @throws RunRefusedException when the store was not made from some of them
    IndexedDocuments(Path store, List<List<Path>> groups, Tokenizer tokenizer, DecoderConfig config) {
        this.store = store;
        this.additions = Addition.of(store);
        for (List<Path> files : groups) {
            String digest = Corpus.of(files).digest();
            List<Addition> made = additions.stream()
                    .filter(addition -> addition.documents().equals(digest))
                    .toList();
            if (made.isEmpty()) {
                throw new RunRefusedException("--documents: expected files that " + store + " was made from, found "
                        + named(files) + "; give what 'index' was given, in that order, and --documents again for each"
                        + " --append");
            }
            for (Addition addition : made) {
                var tokenisation = new Tokenisation(addition.maxTokens(), config.vocabulary(), false);
                corpora.put(addition, CorpusSource.of(files, tokenizer, tokenisation));
            }
        }
    }

    private static String named(List<Path> files) {
        return files.getFirst() + (files.size() == 1 ? "" : " and " + (files.size() - 1) + " more");
    }

    /// The addition that a shard belongs to.
    ///
    /// @throws RunRefusedException when no manifest tells
    Addition holding(int shard) {
        return additions.stream()
                .filter(addition -> addition.firstShard() <= shard)
                .reduce((_, later) -> later)
                .orElseThrow(() -> new RunRefusedException(
                        store + ": expected a manifest in additions for shard " + shard + ", found none; index again"));
    }

    /// Its documents, or null if they were not given.
    @Nullable
    CorpusSource corpus(Addition addition) {
        return corpora.get(addition);
    }
}
