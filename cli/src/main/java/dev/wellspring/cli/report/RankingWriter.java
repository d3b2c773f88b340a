package dev.wellspring.cli.report;

import java.io.PrintStream;
import java.util.List;

/// A way to show rankings.
public interface RankingWriter {
    /// Shows rankings in order.
    void write(List<Ranking> rankings, PrintStream out);
}
