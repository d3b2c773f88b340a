package dev.wellspring.cli.report;

import dev.wellspring.run.search.SampledDocument;
import dev.wellspring.store.scores.ScoreRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// The documents of all rankings of a report, each once, numbered in the order in which they came.
public final class DocumentTable {
    private final Map<SampledDocument, Integer> numbers = new HashMap<>();
    private final List<ScoreRow> rows = new ArrayList<>();
    private final SequencedSet<SampledDocument> texts = new LinkedHashSet<>();
    private final Map<SampledDocument, List<String>> tokens = new HashMap<>();

    /// The number of a document, which is new or was seen before.
    int number(ScoreRow row) {
        return numbers.computeIfAbsent(key(row), _ -> {
            rows.add(row);
            return rows.size() - 1;
        });
    }

    /// Asks for the whole text of a document.
    void wantText(ScoreRow row) {
        texts.add(key(row));
    }

    /// The documents whose whole text a report shows.
    public SequencedSet<SampledDocument> textsWanted() {
        return texts;
    }

    /// Brings the text of one.
    ///
    /// @param tokens the text of each of its tokens
    public void bringText(SampledDocument document, List<String> tokens) {
        this.tokens.put(document, tokens);
    }

    /// How many tokens a document of a ranking has.
    public int tokens(SampledDocument document) {
        Integer number = numbers.get(document);
        return number == null ? 0 : rows.get(number).tokens();
    }

    /// (tokens) the text of each token, or empty where nobody brought it.
    List<String> text(ScoreRow row) {
        return tokens.getOrDefault(key(row), List.of());
    }

    /// One row for each document. Its scores are those for one of the queries.
    List<ScoreRow> rows() {
        return rows;
    }

    /// How many documents there are.
    public int size() {
        return rows.size();
    }

    /// How many documents have their whole text.
    public int textsBrought() {
        return tokens.size();
    }

    private static SampledDocument key(ScoreRow row) {
        return new SampledDocument(row.document(), row.part());
    }
}
