package dev.wellspring.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Fits and scores inside a bigger command, as the verbs `fit` and `score` do: their folders are runs of their own, and
/// what is there already is not done again.
///
/// @param out holds the folders
/// @param shared options that every step takes, such as `--threads`
record ScoringRuns(Wellspring wellspring, Path out, List<String> model, List<String> documents, List<String> shared) {
    /// The scores of one curvature, with labels and damping of choice.
    ///
    /// @param labels `sampled` or `own`
    /// @param damping as `--damping` takes it
    /// @throws BadInputException when a step fails; it has said why
    ScoreMatrix scores(String curvature, String labels, String damping, String modules, Path queries) {
        String fitted = curvature + (labels.equals("sampled") ? "" : "-" + labels);
        Path factors = out.resolve("factors-" + fitted);
        step(factors, List.of("fit", "--curvature", curvature, "--labels", labels, "--modules", modules));
        Path scores = out.resolve("scores-" + fitted + (damping.equals("0.1x") ? "" : "-" + damping));
        step(
                scores,
                List.of(
                        "score",
                        "--factors",
                        factors.toString(),
                        "--damping",
                        damping,
                        "--queries",
                        queries.toString(),
                        "--rank",
                        "full"));
        return ScoreMatrix.read(scores);
    }

    private void step(Path folder, List<String> verb) {
        List<String> arguments = new ArrayList<>(verb);
        arguments.addAll(model);
        arguments.addAll(documents);
        arguments.addAll(List.of("--out", folder.toString()));
        arguments.addAll(shared);
        Terminal terminal = wellspring.terminal();
        if (!Files.exists(folder)) {
            terminal.err().println("$ wellspring " + String.join(" ", arguments));
        }
        var silent = new PrintStream(PrintStream.nullOutputStream());
        int status = Wellspring.run(terminal.withOut(silent), arguments.toArray(String[]::new));
        if (status != ExitStatus.DONE) {
            throw new StepFailedException(status);
        }
    }

    /// A step that has said for itself what went wrong.
    static final class StepFailedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        StepFailedException(int status) {
            super("a step failed");
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
