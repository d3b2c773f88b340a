package dev.wellspring.cli.report;

import dev.wellspring.rank.Normalisation;
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
public record TableWriter(int width, boolean colours) implements RankingWriter {
    private static final int LEAST_TEXT = 20;

    @Override
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
        out.println(cut(question(ranking)));
        int id = column(
                "document", ranking.documents().stream().map(r -> name(r.row())).toList());
        int source = column(
                "source", ranking.documents().stream().map(r -> source(r.row())).toList());
        String row = "%4s  %12s  %-" + id + "s  %-" + source + "s  ";
        String head = String.format(Locale.ROOT, row, "rank", unit(ranking.by()), "document", "source");
        out.println(head + "text");
        int rank = 1;
        for (Ranked<ScoreRow> ranked : ranking.documents()) {
            String line = String.format(
                    Locale.ROOT,
                    row,
                    rank++,
                    String.format(Locale.ROOT, "%.6g", ranked.value()),
                    name(ranked.row()),
                    source(ranked.row()));
            out.println(line + shortened(ranked.row().preview(), Math.max(LEAST_TEXT, width - line.length())));
        }
        if (ranking.notRanked() > 0) {
            out.println(
                    ranking.notRanked() + " documents have no such score (their gradient or the query's loss is zero)");
        }
    }

    private static String heading(Ranking ranking) {
        String end = ranking.tail() == Tail.TOP ? "most positive" : "most negative";
        return String.format(
                Locale.ROOT,
                "%s (%s, %s): the %s of %,d documents",
                ranking.query().id(),
                ranking.query().kind(),
                ranking.query().family(),
                end,
                ranking.ranked());
    }

    private static String question(Ranking ranking) {
        return String.format(
                Locale.ROOT,
                "%s ⟶%s  (%.3f nats)",
                ranking.query().prompt().replaceAll("\\s+", " "),
                ranking.query().completion().replaceAll("\\s+", " "),
                ranking.query().loss());
    }

    private static String unit(Normalisation by) {
        return switch (by) {
            case RAW -> "nats";
            case NAT -> "per nat";
            case NORMALISED -> "normalised";
        };
    }

    private static String name(ScoreRow row) {
        return row.part() == 0 ? row.document() : row.document() + "#" + row.part();
    }

    private static String source(ScoreRow row) {
        return row.source() == null ? "" : row.source();
    }

    private static int column(String title, List<String> values) {
        return values.stream().mapToInt(String::length).reduce(title.length(), Math::max);
    }

    private String cut(String text) {
        return shortened(text, width);
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, Math.max(0, length - 1)) + "…";
    }

    private String bold(String text) {
        return (colours ? Ansi.ON : Ansi.OFF)
                .text("@|bold " + text.replace("|@", "| @") + "|@")
                .toString();
    }
}
