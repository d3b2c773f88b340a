package dev.wellspring.cli.report;

import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.wellspring.rank.Ranked;
import dev.wellspring.store.scores.ScoreRow;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Rankings for spreadsheets: `query,rank,document,part,source,raw,nat,normalised,text`.
public record CsvWriter() implements RankingWriter {
    @Override
    public void write(List<Ranking> rankings, PrintStream out) {
        try {
            var csv = de.siegmar.fastcsv.writer.CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(out, StandardCharsets.UTF_8);
            csv.writeRecord("query", "rank", "document", "part", "source", "raw", "nat", "normalised", "text");
            for (Ranking ranking : rankings) {
                int rank = 1;
                for (Ranked<ScoreRow> ranked : ranking.documents()) {
                    ScoreRow row = ranked.row();
                    csv.writeRecord(
                            ranking.query().id(),
                            Integer.toString(rank++),
                            row.document(),
                            Integer.toString(row.part()),
                            row.source(),
                            Double.toString(row.raw()),
                            Double.toString(row.nat()),
                            Double.toString(row.normalised()),
                            row.preview());
                }
            }
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("csv: " + failure.getMessage(), failure);
        }
    }
}
