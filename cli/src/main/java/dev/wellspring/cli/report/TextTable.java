package dev.wellspring.cli.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A table for people, whose columns line up. Where it is wider than the terminal, texts are cut first, the longest
/// most;
/// then columns are left out, the least important first.
final class TextTable {
    private static final String GAP = "  ";
    private static final int NEVER = Integer.MAX_VALUE;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /// @param right whether its cells stand at its right edge, as numbers do
    /// @param least its texts may be cut to so many characters; 0 where they may not be
    /// @param leaveOut the first to be left out has 1
    record Column(String title, boolean right, int least, int leaveOut) {
        static Column text(String title) {
            return new Column(title, false, 0, NEVER);
        }

        static Column number(String title) {
            return new Column(title, true, 0, NEVER);
        }

        /// The same, of texts that may be cut.
        Column cutTo(int characters) {
            return new Column(title, right, characters, leaveOut);
        }

        /// The same, which may be left out.
        ///
        /// @param order 1 for the first to go
        Column leaveOut(int order) {
            return new Column(title, right, least, order);
        }
    }

    /// A column that is shown, by its number, and how wide.
    private record Shown(int column, int width) {}

    TextTable(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    TextTable(Column... columns) {
        this(List.of(columns));
    }

    /// Adds a row, a cell for each column. Cells may hold anything: what is not to be printed is not.
    void add(String... cells) {
        add(List.of(cells));
    }

    void add(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException("cells: expected " + columns.size() + ", got " + cells.size());
        }
        rows.add(cells.stream().map(TerminalText::of).toList());
    }

    /// Prints the titles and all rows.
    ///
    /// @param indent what every line begins with
    /// @param width of the terminal, in columns
    /// @return the titles of the columns that were left out
    List<String> print(PrintStream out, String indent, int width) {
        List<Shown> shown = fitting(width - indent.length());
        line(out, indent, shown, columns.stream().map(Column::title).toList());
        rows.forEach(row -> line(out, indent, shown, row));
        return IntStream.range(0, columns.size())
                .filter(column -> shown.stream().noneMatch(one -> one.column() == column))
                .mapToObj(column -> columns.get(column).title())
                .toList();
    }

    /// Says which columns were left out of tables, if any were.
    static void sayLeftOut(PrintStream out, Collection<String> titles, int width) {
        if (!titles.isEmpty()) {
            out.println();
            TerminalText.paragraph(
                    out,
                    "Left out, as the terminal is narrow: "
                            + String.join(", ", titles.stream().distinct().toList())
                            + ". --format json has all columns, and so has a pipe.",
                    width);
        }
    }

    private void line(PrintStream out, String indent, List<Shown> shown, List<String> cells) {
        var line = new StringBuilder(indent);
        for (Shown one : shown) {
            String cell = TerminalText.cut(cells.get(one.column()), one.width());
            String blank = " ".repeat(one.width() - cell.length());
            line.append(line.length() == indent.length() ? "" : GAP)
                    .append(columns.get(one.column()).right() ? blank + cell : cell + blank);
        }
        out.println(line.toString().stripTrailing());
    }

    /// The columns that there is room for.
    private List<Shown> fitting(int width) {
        List<Shown> shown = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            shown.add(new Shown(column, natural(column)));
        }
        while (least(shown) > width) {
            Shown first = shown.stream()
                    .min(Comparator.comparingInt(
                            one -> columns.get(one.column()).leaveOut()))
                    .orElseThrow();
            if (columns.get(first.column()).leaveOut() == NEVER) {
                break; // no narrower than this
            }
            shown.remove(first);
        }
        cut(shown, width);
        return shown;
    }

    /// How wide a column would like to be.
    private int natural(int column) {
        return rows.stream()
                .mapToInt(row -> row.get(column).length())
                .reduce(columns.get(column).title().length(), Math::max);
    }

    /// How narrow a column may be.
    private int least(Shown one) {
        int least = columns.get(one.column()).least();
        return least == 0 ? one.width() : Math.min(least, one.width());
    }

    private int least(List<Shown> shown) {
        return shown.stream().mapToInt(this::least).sum() + GAP.length() * (shown.size() - 1);
    }

    /// Takes a character at a time from the widest column that may give one, until all fit.
    private void cut(List<Shown> shown, int width) {
        int over = shown.stream().mapToInt(Shown::width).sum() + GAP.length() * (shown.size() - 1) - width;
        for (; over > 0; over--) {
            int widest = IntStream.range(0, shown.size())
                    .filter(i -> shown.get(i).width() > least(shown.get(i)))
                    .boxed()
                    .max(Comparator.comparingInt(i -> shown.get(i).width()))
                    .orElse(-1);
            if (widest < 0) {
                return;
            }
            Shown one = shown.get(widest);
            shown.set(widest, new Shown(one.column(), one.width() - 1));
        }
    }
}
