package dev.wellspring.cli.report;

import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.wellspring.store.scores.ScoreRow;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Rankings for spreadsheets: `query,rank,document,part,source,raw,nat,normalised,raw_rank,bm25,bm25_rank,text`. What
/// is
/// not known is empty.
public record CsvWriter() implements RankingWriter {
    private static final List<String> HEADER = List.of(
            "query",
            "rank",
            "document",
            "part",
            "source",
            "raw",
            "nat",
            "normalised",
            "raw_rank",
            "bm25",
            "bm25_rank",
            "text");

    @Override
    public void write(List<Ranking> rankings, PrintStream out) {
        try {
            var csv = de.siegmar.fastcsv.writer.CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(out, StandardCharsets.UTF_8);
            csv.writeRecord(HEADER);
            for (Ranking ranking : rankings) {
                for (int i = 0; i < ranking.documents().size(); i++) {
                    ScoreRow row = ranking.documents().get(i).row();
                    csv.writeRecord(
                            ranking.query().id(),
                            Integer.toString(i + 1),
                            row.document(),
                            Integer.toString(row.part()),
                            row.source(),
                            Double.toString(row.raw()),
                            Double.toString(row.nat()),
                            Double.toString(row.normalised()),
                            known(ranking.raw(), i),
                            ranking.bm25().isEmpty() ? "" : Double.toString(row.bm25()),
                            known(ranking.bm25(), i),
                            row.preview());
                }
            }
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("csv: " + failure.getMessage(), failure);
        }
    }

    private static String known(List<Long> places, int document) {
        return places.isEmpty() ? "" : places.get(document).toString();
    }
}
