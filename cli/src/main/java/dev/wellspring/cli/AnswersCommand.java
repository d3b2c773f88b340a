package dev.wellspring.cli;

import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.report.AnswersView;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring answers`: whether the documents at the top of rankings hold the answers.
@Command(
        name = "answers",
        header = "Say whether the documents at the top of rankings hold the answers.",
        description = {
            "",
            "Ruis et al. (2024) find that the answers to factual questions stand in the documents that influence them most,"
                    + " and those to reasoning questions do not. This looks for the answers of every query, and for the results"
                    + " of its steps (intermediate_answers), in the texts of all documents, and says how often they stand in the"
                    + " first k = 50, 500, 5,000 and so on by influence, beside k documents drawn at random.",
            "",
            "A text holds an answer that stands in it whole, whatever its capitals, spaces and Unicode form (NFKC): no letter"
                    + " or digit may go on at its edges, so that Oslo is not in Oslos and 5 not in 15. Nor is 5 in 5.2, 2.5, .5"
                    + " or 1,500. A minus directly before a number is its sign, unless a letter, digit or bracket stands before"
                    + " the minus: 5 is not in '= -5', but in '10-5'.",
            "",
            "csv and parquet have a row for each answer, step and k; json has the table as well.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring answers run --documents corpus/*.jsonl.zst",
            "  wellspring answers run --documents corpus.parquet --model pythia-160m --format json"
        })
final class AnswersCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private AnalysedRun run = new AnalysedRun();

    @Option(
            names = "--documents",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "The documents of the run, in the same order.")
    private List<Path> documents = List.of();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "The checkpoint of the run, whose tokenizer says where documents were split. Needed where some"
                            + " were, or where they are given as token ids.")
    private @Nullable Path model;

    @Option(
            names = "--by",
            paramLabel = "WHICH",
            defaultValue = "raw",
            description = "The influence ranking: raw (nat is the same) or normalised. Default: ${DEFAULT-VALUE}.")
    private Normalisation by = Normalisation.RAW;

    @Mixin
    private FindingsOption output = new FindingsOption();

    @Override
    public Integer call() throws IOException {
        output.check();
        Manifest manifest = run.finished();
        List<ScoredQuery> queries = ScoredQuery.read(run.folder());
        AnswerFindings findings;
        try (ScoreFolder folder = ScoreFolder.open(run.folder());
                RunTexts texts = RunTexts.open(documents, model, manifest);
                ProgressDisplay display = run.progress(wellspring);
                WorkerPool pool = run.threads()) {
            if (!texts.isChecked()) {
                display.note(RunTexts.UNCHECKED);
            }
            findings = search(folder, queries, texts, pool, display);
        }
        String word = by.name().toLowerCase(Locale.ROOT);
        output.show(new AnswersView(queries, word, findings), wellspring.terminal());
        return ExitStatus.DONE;
    }

    private AnswerFindings search(
            ScoreFolder folder, List<ScoredQuery> queries, RunTexts texts, WorkerPool pool, Progress display) {
        var pass = new AnswerPass(folder, queries);
        display.start("answers", pass.count(), "documents");
        while (texts.hasNext() && !pass.isDone()) {
            display.advance(pass.accept(texts.next()) ? 1 : 0, 0);
        }
        if (pass.missing() != null) {
            throw new RunRefusedException(
                    "--documents: expected document " + pass.missing() + " of the run, found none in"
                            + " its place; give the documents that the run was made from, in their order");
        }
        display.finish();
        return pass.finish(by, pool);
    }
}
