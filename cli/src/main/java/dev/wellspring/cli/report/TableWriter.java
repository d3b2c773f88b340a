package dev.wellspring.cli.report;

import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.store.scores.ScoreRow;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/// Rankings for people: a heading for each query, then a line for each document, cut to the terminal's width.
///
/// @param width columns of the terminal
/// @param colours whether headings may be bold
public record TableWriter(int width, boolean colours) {
    /// Shows rankings in order.
    public void write(List<Ranking> rankings, PrintStream out) {
        String gap = "";
        for (Ranking ranking : rankings) {
            out.print(gap);
            write(ranking, out);
            gap = System.lineSeparator();
        }
    }

    private void write(Ranking ranking, PrintStream out) {
        out.println(bold(TerminalText.cut(heading(ranking), width)));
        question(ranking, out);
        boolean isBeside = !otherPlaces(ranking).isEmpty();
        List<Column> columns = new ArrayList<>();
        columns.add(Column.number("rank"));
        columns.add(Column.number(ranking.by().unit()));
        if (isBeside) {
            columns.add(Column.number(ranking.by().isBaseline() ? "raw rank" : "BM25 rank"));
        }
        columns.add(Column.text("document").cutTo(16));
        columns.add(Column.text("source").cutTo(8));
        columns.add(Column.text("text").cutTo(20));
        var table = new TextTable(columns);
        for (int i = 0; i < ranking.documents().size(); i++) {
            Ranked<ScoreRow> ranked = ranking.documents().get(i);
            List<String> cells = new ArrayList<>();
            cells.add(Integer.toString(i + 1));
            cells.add(String.format(Locale.ROOT, "%.6g", ranked.value()));
            if (isBeside) {
                cells.add(otherPlace(ranking, i));
            }
            cells.add(name(ranked.row()));
            cells.add(ranked.row().source() == null ? "" : ranked.row().source());
            cells.add(ranked.row().preview());
            table.add(cells);
        }
        table.print(out, "", width);
        if (ranking.isOfEveryDocument() && ranking.notRanked() > 0) {
            TerminalText.paragraph(
                    out,
                    Figures.count(ranking.notRanked(), "document has", "documents have")
                            + " no such score (their gradient or the query's loss is zero)",
                    width);
        }
    }

    private static String heading(Ranking ranking) {
        String end = ranking.by().isBaseline()
                ? (ranking.tail() == Tail.TOP ? "first" : "last") + " by "
                        + ranking.by().word()
                : ranking.tail() == Tail.TOP ? "most positive" : "most negative";
        return String.format(
                Locale.ROOT,
                "%s (%s, %s): the %s of %,d documents%s",
                ranking.query().id(),
                ranking.query().kind(),
                ranking.query().family(),
                end,
                ranking.isOfEveryDocument() ? ranking.scored() - ranking.notRanked() : ranking.scored(),
                ranking.isOfEveryDocument()
                        ? ""
                        : String.format(Locale.ROOT, ", of which %,d were kept", ranking.kept()));
    }

    /// What was asked, and what the model answered with what loss; each on a line, where one is too narrow.
    private void question(Ranking ranking, PrintStream out) {
        String prompt = TerminalText.of(ranking.query().prompt());
        String completion = "⟶" + TerminalText.of(ranking.query().completion());
        String loss =
                String.format(Locale.ROOT, "  (%.3f nats)", ranking.query().loss());
        if (prompt.length() + 1 + completion.length() + loss.length() <= width) {
            out.println(prompt + " " + completion + loss);
        } else {
            out.println(TerminalText.cut(prompt, width));
            out.println(TerminalText.cut(completion, width - loss.length()) + loss);
        }
    }

    /// Where each document stands in the other way to rank, if that is known.
    private static List<Long> otherPlaces(Ranking ranking) {
        return ranking.by().isBaseline() ? ranking.raw() : ranking.bm25();
    }

    /// The same of one document: its place, or `-` where it has no word of the query.
    private static String otherPlace(Ranking ranking, int document) {
        boolean none = !ranking.by().isBaseline()
                && ranking.documents().get(document).row().bm25() == 0;
        return none
                ? "-"
                : String.format(Locale.ROOT, "%,d", otherPlaces(ranking).get(document));
    }

    private static String name(ScoreRow row) {
        return row.part() == 0 ? row.document() : row.document() + "#" + row.part();
    }

    private String bold(String text) {
        return (colours ? Ansi.ON : Ansi.OFF)
                .text("@|bold " + text.replace("|@", "| @") + "|@")
                .toString();
    }
}
