package dev.wellspring.cli;

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
    /// @throws Step.FailedException when a step fails
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
        if (!Files.exists(folder)) {
            Step.show(wellspring, arguments);
        }
        Step.run(wellspring, arguments);
    }
}
