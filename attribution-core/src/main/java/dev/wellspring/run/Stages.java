package dev.wellspring.run;

/// How a stage is run, the same for all.
public final class Stages {
    private Stages() {}

    /// Runs a stage unless its results are there; times it, and notes in the folder's history when it began and
    /// ended.
    public static void run(Stage stage, RunContext context, RunFolder folder) {
        if (stage.isComplete()) {
            return;
        }
        folder.history(History.event(stage.name(), "begins", context));
        try (Metrics.Span _ = context.metrics().stage(stage.name())) {
            stage.run();
        } finally {
            context.progress().finish();
        }
        folder.history(History.event(stage.name(), "ends", context));
        context.cancellation().check("stage " + stage.name());
    }
}
