package dev.wellspring.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Mixin: what is retrained, and what it is measured by.
final class RetrainingOptions {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "What 'wellspring train' made of the documents; it is trained again by the same recipe.")
    Path model;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "The checkpoint that training began with, if it began with one.")
    @Nullable
    Path base;

    @Mixin
    DocumentOptions documents = new DocumentOptions();

    @Option(names = "--queries", required = true, paramLabel = "FILE", description = "Queries: JSONL.")
    Path queries;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder for results, scores and factors.")
    Path out;

    @Option(
            names = "--bank",
            paramLabel = "DIR",
            description = "Where retrained models are kept, to be used again by any validation of the same model and"
                    + " documents. Default: bank in the folder of --model.")
    @Nullable
    Path bank;

    @Option(
            names = "--modules",
            paramLabel = "WHICH",
            defaultValue = "all",
            description =
                    "The linear maps that scores are computed with: mlp, all, or a pattern. Default: ${DEFAULT-VALUE}.")
    String modules = "all";

    /// Fits and scores of the model, in folders of `out`.
    ScoringRuns scoring(Wellspring wellspring, ComputeOptions compute, RunOptions run) {
        List<String> shared = new ArrayList<>(compute.arguments());
        shared.addAll(run.arguments());
        return new ScoringRuns(wellspring, out, List.of("--model", model.toString()), documents.arguments(), shared);
    }

    /// Where retrained models are kept.
    Path bank() {
        return bank == null ? model.resolve("bank") : bank;
    }
}
