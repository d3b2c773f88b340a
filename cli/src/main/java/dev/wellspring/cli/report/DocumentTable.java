package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.run.search.SampledDocument;
import dev.wellspring.store.scores.ScoreRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The documents of all rankings of a report, each once, numbered in the order in which they came.
public final class DocumentTable {
    private final Map<SampledDocument, Integer> numbers = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final SequencedSet<SampledDocument> wanted = new LinkedHashSet<>();
    private final Map<SampledDocument, Text> texts = new HashMap<>();

    /// What a report says of a document, whatever the query.
    ///
    /// @param source where it comes from, if the corpus says so
    /// @param tokens its number of tokens
    /// @param loss in nats, summed
    /// @param gradientNorm over the tracked modules
    /// @param preview the beginning of its text, cut to what a report shows
    /// @param extras the corpus's other columns, cut as well
    public record Row(
            SampledDocument document,
            @Nullable String source,
            int tokens,
            double loss,
            double gradientNorm,
            String preview,
            JsonNode extras) {
        static Row of(SampledDocument document, ScoreRow row) {
            return new Row(
                    document,
                    row.source(),
                    row.tokens(),
                    row.loss(),
                    row.gradientNorm(),
                    ReportJson.cut(row.preview(), ReportJson.LONGEST_PREVIEW),
                    ReportJson.extras(row.extras()));
        }
    }

    /// A whole text.
    ///
    /// @param lengths of the text of each token, as [PackedNumbers#lengths] writes them
    record Text(String text, String lengths) {}

    /// The number of a document, which is new or was seen before.
    int number(ScoreRow row) {
        return numbers.computeIfAbsent(key(row), document -> {
            rows.add(Row.of(document, row));
            return rows.size() - 1;
        });
    }

    /// Asks for the whole text of a document.
    void wantText(ScoreRow row) {
        wanted.add(key(row));
    }

    /// The documents whose whole text a report shows.
    public SequencedSet<SampledDocument> textsWanted() {
        return wanted;
    }

    /// Brings the text of one.
    ///
    /// @param tokens the text of each of its tokens
    public void bringText(SampledDocument document, List<String> tokens) {
        texts.put(document, new Text(String.join("", tokens), PackedNumbers.lengths(tokens)));
    }

    /// How many tokens a document of a ranking has.
    public int tokens(SampledDocument document) {
        Integer number = numbers.get(document);
        return number == null ? 0 : rows.get(number).tokens();
    }

    /// The whole text of a document, or null where nobody brought it.
    @Nullable
    Text text(Row row) {
        return texts.get(row.document());
    }

    /// One row for each document.
    List<Row> rows() {
        return rows;
    }

    /// How many documents there are.
    public int size() {
        return rows.size();
    }

    /// How many documents have their whole text.
    public int textsBrought() {
        return texts.size();
    }

    private static SampledDocument key(ScoreRow row) {
        return new SampledDocument(row.document(), row.part());
    }
}
