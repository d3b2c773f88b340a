package dev.wellspring.cli.report;

import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.store.scores.ScoreRow;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/// Rankings for people: a heading for each query, then a line for each document, cut to the terminal's width.
///
/// @param width columns of the terminal
/// @param colours whether headings may be bold
public record TableWriter(int width, boolean colours) {
    private static final int LEAST_TEXT = 20;

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
        out.println(bold(heading(ranking)));
        out.println(TerminalText.cut(question(ranking), width));
        int id = column(
                "document", ranking.documents().stream().map(r -> name(r.row())).toList());
        int source = column(
                "source", ranking.documents().stream().map(r -> source(r.row())).toList());
        String beside = otherPlaces(ranking).isEmpty() ? "" : ranking.by().isBaseline() ? "raw rank  " : "BM25 rank  ";
        String row = "%4s  %12s  %" + (beside.isEmpty() ? "" : beside.length()) + "s%-" + id + "s  %-" + source + "s  ";
        out.println(
                String.format(Locale.ROOT, row, "rank", ranking.by().unit(), beside, "document", "source") + "text");
        for (int i = 0; i < ranking.documents().size(); i++) {
            Ranked<ScoreRow> ranked = ranking.documents().get(i);
            String line = String.format(
                    Locale.ROOT,
                    row,
                    i + 1,
                    String.format(Locale.ROOT, "%.6g", ranked.value()),
                    otherPlace(ranking, i),
                    name(ranked.row()),
                    source(ranked.row()));
            out.println(line + TerminalText.cut(ranked.row().preview(), Math.max(LEAST_TEXT, width - line.length())));
        }
        if (ranking.notRanked() > 0) {
            out.println(
                    ranking.notRanked() + " documents have no such score (their gradient or the query's loss is zero)");
        }
    }

    private static String heading(Ranking ranking) {
        String end = ranking.by().isBaseline()
                ? (ranking.tail() == Tail.TOP ? "first" : "last") + " by "
                        + ranking.by().word()
                : ranking.tail() == Tail.TOP ? "most positive" : "most negative";
        return String.format(
                Locale.ROOT,
                "%s (%s, %s): the %s of %,d documents",
                TerminalText.of(ranking.query().id()),
                ranking.query().kind(),
                TerminalText.of(ranking.query().family()),
                end,
                ranking.ranked());
    }

    private static String question(Ranking ranking) {
        return String.format(
                Locale.ROOT,
                "%s ⟶%s  (%.3f nats)",
                TerminalText.of(ranking.query().prompt()),
                TerminalText.of(ranking.query().completion()),
                ranking.query().loss());
    }

    /// Where each document stands in the other way to rank, if that is known.
    private static List<Long> otherPlaces(Ranking ranking) {
        return ranking.by().isBaseline() ? ranking.raw() : ranking.bm25();
    }

    /// The same of one document: its place, `-` where it has no word of the query, or nothing.
    private static String otherPlace(Ranking ranking, int document) {
        if (otherPlaces(ranking).isEmpty()) {
            return "";
        }
        boolean none = !ranking.by().isBaseline()
                && ranking.documents().get(document).row().bm25() == 0;
        return none
                ? "-  "
                : String.format(Locale.ROOT, "%,d  ", otherPlaces(ranking).get(document));
    }

    private static String name(ScoreRow row) {
        return TerminalText.of(row.part() == 0 ? row.document() : row.document() + "#" + row.part());
    }

    private static String source(ScoreRow row) {
        return row.source() == null ? "" : TerminalText.of(row.source());
    }

    private static int column(String title, List<String> values) {
        return values.stream().mapToInt(String::length).reduce(title.length(), Math::max);
    }

    private String bold(String text) {
        return (colours ? Ansi.ON : Ansi.OFF)
                .text("@|bold " + text.replace("|@", "| @") + "|@")
                .toString();
    }
}
