package dev.wellspring.cli;

import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.DocumentTable;
import dev.wellspring.cli.report.QueryRanking;
import dev.wellspring.cli.report.RankingReader;
import dev.wellspring.cli.report.Report;
import dev.wellspring.cli.report.ReportPage;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.cli.report.Validation;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.scores.QueryTokenScores;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring report`: a run as one file that a person opens.
@Command(
        name = "report",
        header = "Write a run's report: one HTML file that needs nothing else.",
        description = {
            "",
            "Open it in a browser: an overview in words, which queries are influenced alike, how influence is spread, where"
                    + " documents come from, and for every query its most positive and most negative documents. Figures"
                    + " can be saved as SVG, PNG and CSV. The file fetches nothing, and texts in it are never markup.",
            "",
            "A run keeps the beginnings of texts. Given the model and the documents, the report shows the first of them in"
                    + " full, and, where the run has kept token scores, marks what in them matters.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring report run",
            "  wellspring report run --model pythia-160m --documents corpus/*.jsonl.zst --out attribution.html",
            "  wellspring report run --by normalised --validation lds --validation removal",
            "  wellspring report run --watch 8080"
        })
final class ReportCommand implements Callable<Integer> {
    private static final String FILE = "report.html";
    /// How often a server looks whether it shall stop, in milliseconds.
    private static final int LOOKING = 200;
    private static final int LARGEST_PORT = 65_535;
    /// More documents at the end of a ranking are not looked at for what they have in common.
    private static final int MOST_ANALYSED = 5_000;

    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ScoredRun scored = new ScoredRun();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the report goes; a file of that name is replaced. Default: RUN/" + FILE + ".")
    private @Nullable Path out;

    @Option(
            names = "-k",
            paramLabel = "N",
            defaultValue = "100",
            description = "Documents at either end of every ranking. Default: ${DEFAULT-VALUE}.")
    private int k = 100;

    @Option(
            names = "--by",
            paramLabel = "WHICH",
            defaultValue = "raw",
            description = "The ranking: raw (nat is the same) or normalised. Default: ${DEFAULT-VALUE}.")
    private Normalisation by = Normalisation.RAW;

    @Option(
            names = "--texts",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "So many of them at either end are shown in full, with --documents. Default: ${DEFAULT-VALUE}.")
    private int texts = 10;

    @Option(
            names = "--validation",
            paramLabel = "DIR",
            description = "The folder of a 'wellspring validate', to be shown as well; may be repeated.")
    private List<Path> validations = List.of();

    @Option(
            names = "--factors",
            paramLabel = "DIR",
            description = "The factors of the run, which say how much of the gradient it covers.")
    private @Nullable Path factors;

    @ArgGroup(exclusive = false, heading = "%nFor whole texts:%n")
    private @Nullable DocumentTexts documents;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Option(
            names = "--watch",
            paramLabel = "PORT",
            description =
                    "In place of a file: serve the report to browsers of this machine on this port (0: any that is"
                            + " free) while the run goes on, until Ctrl-C.")
    private @Nullable Integer port;

    @Override
    public Integer call() throws IOException {
        requireAtLeast("-k", 1, k);
        requireAtLeast("--texts", 0, texts);
        if (port != null && out != null) {
            throw new BadInputException(
                    "--watch: expected this or --out, got both; a report that is served has no file");
        }
        if (port != null && (port < 0 || port > LARGEST_PORT)) {
            throw new BadInputException("--watch: expected a port from 0 to " + LARGEST_PORT + ", got " + port);
        }
        Manifest manifest = port == null ? scored.finished() : FinishedScores.requireKind(scored.folder());
        factors(manifest); // before it takes time
        if (out != null) {
            requireReplaceable(out);
        }
        List<Validation> validated = validated();
        try (RunScope scope = wellspring.open(progress)) {
            if (port == null) {
                write(manifest, validated, scope);
            } else {
                serve(port, validated, scope);
            }
        }
        return ExitStatus.DONE;
    }

    private void write(Manifest manifest, List<Validation> validated, RunScope scope) throws IOException {
        Path file = out == null ? scored.folder().resolve(FILE) : out;
        Report report = report(manifest, validated, scope);
        try (var part = new PartFile(file)) {
            ReportPage.write(report, part.stream());
            part.commit();
        }
        scope.progress()
                .note(String.format(
                        Locale.ROOT,
                        "report: %,d queries, %,d documents, %.1f MB",
                        report.queries().size(),
                        report.table().size(),
                        Files.size(file) / 1e6));
        wellspring.terminal().out().println(file);
    }

    private void serve(int port, List<Validation> validated, RunScope scope) throws IOException {
        ReportServer.Writer writer = version -> {
            var page = new ByteArrayOutputStream();
            ReportPage.writeWatched(
                    report(FinishedScores.requireKind(scored.folder()), validated, scope), version, page);
            return page.toByteArray();
        };
        try (var server = new ReportServer(scored.folder(), port, writer, scope.progress())) {
            server.start();
            wellspring.terminal().out().println(server.address());
            wellspring.terminal().out().flush();
            var never = new CountDownLatch(1);
            while (!scope.cancellation().isRequested()) {
                never.await(LOOKING, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stopped) {
            throw new CancelledException("stopped on request");
        }
    }

    /// A run cannot do without its other files.
    private void requireReplaceable(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new BadInputException("--out: expected a file, found the folder " + file + "; add the file's name");
        }
        if (Files.exists(file)
                && file.toRealPath().startsWith(scored.folder().toRealPath())
                && !file.toString().endsWith(".html")) {
            throw new BadInputException("--out: expected a name that ends in .html, found " + file
                    + ", a file of the run, which a report would replace; give another name");
        }
    }

    private static void requireAtLeast(String option, int least, int value) {
        if (value < least) {
            throw new BadInputException(option + ": expected at least " + least + ", got " + value);
        }
    }

    private List<Validation> validated() {
        List<Validation> all = new ArrayList<>();
        for (Path folder : validations) {
            List<Validation> found;
            try {
                found = Validation.in(folder);
            } catch (IllegalArgumentException broken) {
                throw new BadInputException(broken.getMessage() + "; give the folder of a 'wellspring validate'");
            }
            if (found.isEmpty()) {
                throw new BadInputException("--validation: expected lds.json, removal.json or square.json in " + folder
                        + ", found none; give the folder of a 'wellspring validate'");
            }
            all.addAll(found);
        }
        return all;
    }

    private Report report(Manifest manifest, List<Validation> validated, RunScope scope) throws IOException {
        Path run = scored.folder();
        Accuracy accuracy = Accuracy.read(run);
        boolean exact = accuracy != null && accuracy.rescored() > 0;
        int kept = exact && accuracy != null ? accuracy.rescored() : FinishedScores.kept(manifest);
        boolean everything = !exact && kept == Integer.MAX_VALUE;
        List<ScoredQuery> queries = ScoredQuery.read(run);
        Path scores = exact ? run.resolve(ExactScores.FOLDER) : run;
        try (ScoreFolder folder = ScoreFolder.open(scores);
                var pool = new WorkerPool(threads.count())) {
            int shown = Math.min(k, kept);
            var table = new DocumentTable();
            QueryTokenScores queryTokens = QueryTokenScores.read(scores, folder.layout());
            var reader = new RankingReader(
                    folder, queries, by, shown, documents == null ? 0 : texts, everything, queryTokens, table);
            List<QueryRanking> rankings = reader.read(pool, scope.progress(), scope.cancellation());
            Analyses analyses = everything
                    ? RunAnalyses.of(folder, queries, Math.min(k, MOST_ANALYSED), pool, scope.progress())
                    : null;
            long documentsScored = FinishedScores.scored(manifest, folder);
            DocumentTexts.Answers answers = documents == null
                    ? DocumentTexts.Answers.NONE
                    : documents.bring(table, folder, queries, manifest, everything, by, pool, scope);
            return new Report(
                    name(run),
                    manifest,
                    new OverviewText(
                                    manifest,
                                    factors(manifest),
                                    folder,
                                    documentsScored,
                                    queries,
                                    rankings,
                                    by,
                                    shown,
                                    exact,
                                    documents != null,
                                    queryTokens)
                            .overview(everything, leftOut(accuracy, answers), warnings(analyses)),
                    by,
                    documentsScored,
                    folder.rowCount(),
                    shown,
                    table.textsBrought() == 0 ? 0 : texts,
                    queries,
                    rankings,
                    table,
                    reader.placesOfTable(RowValue.LENGTH, row -> row.tokens() - 1),
                    reader.placesOfTable(RowValue.GRADIENT_NORM, DocumentTable.Row::gradientNorm),
                    folder.layout().tokenScores(),
                    queryTokens,
                    folder.layout().modules(),
                    analyses,
                    answers.findings(),
                    answers.marks(),
                    validated);
        }
    }

    private @Nullable Manifest factors(Manifest manifest) {
        if (factors == null) {
            return null;
        }
        Manifest found = Manifest.read(factors);
        if (!found.identity().equals(manifest.inputs().get("factors"))) {
            throw new RunRefusedException(
                    "--factors: expected the factors of the run, found others; give what the run was made with");
        }
        return found;
    }

    private static List<String> leftOut(@Nullable Accuracy accuracy, DocumentTexts.Answers answers) {
        return Stream.concat(accuracy == null ? Stream.empty() : accuracy.lines().stream(), answers.missing().stream())
                .toList();
    }

    private static List<String> warnings(@Nullable Analyses analyses) {
        return analyses == null
                ? List.of()
                : Stream.concat(analyses.baselines().warnings().stream(), analyses.baselines().explanations().stream())
                        .map(line -> line + ".")
                        .toList();
    }

    private static String name(Path folder) {
        Path last = folder.toAbsolutePath().normalize().getFileName();
        return last == null ? folder.toString() : last.toString();
    }
}
