package dev.wellspring.cli;

import dev.wellspring.cli.report.FindingsView;
import dev.wellspring.cli.report.TableFormat;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: in which form findings are wanted, and where.
final class FindingsOption {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (for people), json (everything), csv or parquet (a row for each single figure)."
                    + " Default: ${DEFAULT-VALUE}.")
    private TableFormat format = TableFormat.TABLE;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to, instead of standard output; needed for parquet.")
    private @Nullable Path out;

    /// To be called before anything is computed.
    ///
    /// @throws BadInputException when there is nowhere to write to
    void check() {
        if (format == TableFormat.PARQUET && out == null) {
            throw new BadInputException("--out: expected a file for --format "
                    + format.name().toLowerCase(Locale.ROOT) + ", found none; only the others go to the terminal");
        }
    }

    /// Whether findings are shown on the terminal.
    boolean isOnTerminal() {
        return out == null;
    }

    void show(FindingsView findings, Terminal terminal) {
        if (out == null) {
            findings.write(format, terminal.out(), terminal.tableWidth());
        } else {
            findings.write(format, out);
            terminal.out().println(out);
        }
    }
}
