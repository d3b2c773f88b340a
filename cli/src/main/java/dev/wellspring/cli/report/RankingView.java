package dev.wellspring.cli.report;

import dev.wellspring.store.scores.DataTable;
import dev.wellspring.store.scores.ScoreRow;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Rankings in every form; as a table a row for each query and document.
///
/// @param colours whether there may be some
public record RankingView(List<Ranking> rankings, boolean colours) implements FindingsView {
    @Override
    public void print(PrintStream out, int width) {
        new TableWriter(width, colours).write(rankings, out);
    }

    @Override
    public void json(PrintStream out) {
        new JsonWriter().write(rankings, out);
    }

    @Override
    public SequencedMap<String, DataTable> tables() {
        DataTable table = DataTable.of(
                "query",
                "rank:whole",
                "document",
                "part:whole",
                "source",
                "raw:number",
                "nat:number",
                "normalised:number",
                "raw_rank:whole",
                "bm25:number",
                "bm25_rank:whole",
                "text");
        for (Ranking ranking : rankings) {
            for (int i = 0; i < ranking.documents().size(); i++) {
                ScoreRow row = ranking.documents().get(i).row();
                table.add(
                        ranking.query().id(),
                        i + 1,
                        row.document(),
                        row.part(),
                        row.source(),
                        row.raw(),
                        row.nat(),
                        row.normalised(),
                        ranking.raw().isEmpty() ? null : ranking.raw().get(i),
                        ranking.bm25().isEmpty() ? null : row.bm25(),
                        ranking.bm25().isEmpty() ? null : ranking.bm25().get(i),
                        row.preview());
            }
        }
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("documents", table);
        return tables;
    }
}
