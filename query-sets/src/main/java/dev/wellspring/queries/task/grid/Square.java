package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The cells at most `halfSide` from a centre in either coordinate: (2r + 1)² of them. The paper's side `l` is 2r.
public record Square(int centreA, int centreB, int halfSide) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,3}),(\\d{1,3}),(\\d{1,3})");

    /// Whether a cell lies inside.
    public boolean contains(Cell cell) {
        return containsRow(cell) && Math.abs(cell.b() - centreB) <= halfSide;
    }

    /// Whether a cell lies in one of the rows, which are values of a.
    boolean containsRow(Cell cell) {
        return Math.abs(cell.a() - centreA) <= halfSide;
    }

    /// How many cells a side has.
    int side() {
        return 2 * halfSide + 1;
    }

    /// How many cells there are if the grid holds them all.
    int cells() {
        return side() * side();
    }

    /// Squares written as `a,b,r;a,b,r`.
    ///
    /// @throws CorpusException if they are not
    static List<Square> parse(String text) {
        List<Square> squares = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            Matcher matcher = TEXT.matcher(part.strip());
            if (!matcher.matches()) {
                throw CorpusException.at(
                        "parameter squares",
                        "one, three, a published three-N, or squares as centre and half-side",
                        "\"" + part + "\"",
                        "write them as 53,33,10;73,78,10");
            }
            squares.add(new Square(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3))));
        }
        return List.copyOf(squares);
    }
}
