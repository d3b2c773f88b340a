package dev.wellspring.cli;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.run.score.RankChoice;
import dev.wellspring.run.score.ScoreRun;
import dev.wellspring.run.score.ScoreSettings;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.search.CandidateDocuments;
import dev.wellspring.run.search.SearchSettings;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The candidates of a search through the model: a score run of its own, in the folder `exact` of the search's run.
final class ExactScores {
    /// The folder of exact scores in a search's run.
    static final String FOLDER = "exact";

    private final RunContext context;
    private final Checkpoint checkpoint;
    private final Path factors;
    private final Manifest indexed;
    private final SearchSettings settings;

    /// @param indexed the store's manifest
    ExactScores(RunContext context, Checkpoint checkpoint, Path factors, Manifest indexed, SearchSettings settings) {
        this.context = context;
        this.checkpoint = checkpoint;
        this.factors = factors;
        this.indexed = indexed;
        this.settings = settings;
    }

    /// Scores what is left to score.
    ///
    /// @param beside what is kept beside the exact scores
    /// @throws RunRefusedException when the store was made with other factors
    void run(List<QueryInput> queries, String queriesDigest, GradientLayout layout, Path search, ScoreRun.Beside beside)
            throws IOException {
        FittedFactors fitted = FittedFactors.of(factors, checkpoint, settings.curvature(), null);
        if (!fitted.digest().equals(indexed.inputs().get("factors"))) {
            throw new RunRefusedException(
                    factors + ": expected the factors that the store was made with, found others; give those");
        }
        String modules = names(layout);
        var candidates = new CandidateDocuments(search);
        var exact = new ScoreSettings(
                settings.curvature(),
                settings.damping(),
                new RankChoice.Automatic(),
                new ModuleSelection(modules),
                false,
                false,
                candidates.longest(),
                settings.type(),
                settings.memory(),
                262_144);
        var inputs = new ScoreRun.Inputs(checkpoint, factors, fitted.digest(), queries, queriesDigest, candidates);
        new ScoreRun(context, exact)
                .run(
                        inputs,
                        search.resolve(FOLDER),
                        (folder, manifest, ids, names) -> new StoredShards(
                                folder, new ScoreLayout(ids, settings.type().sumType(), manifest.identity())),
                        beside);
    }

    /// The modules that count, as one pattern.
    private String names(GradientLayout layout) throws IOException {
        List<LinearModule> all = ModuleSelection.stored(DecoderConfig.read(checkpoint.config()), layout);
        return settings.modules().select(all).stream()
                .map(module -> Pattern.quote(module.name()))
                .collect(Collectors.joining("|"));
    }

    /// Compares, writes the comparison beside the scores, and says it in a few lines.
    void report(Path search, Progress progress) {
        List<ScoredQuery> queries = ScoredQuery.read(search);
        try (ScoreFolder approximate = ScoreFolder.open(search);
                ScoreFolder exact = ScoreFolder.open(search.resolve(FOLDER))) {
            Accuracy accuracy = Accuracy.of(
                    queries, approximate, exact, Accuracy.sample(Manifest.read(search)), settings.rescore());
            accuracy.write(search);
            accuracy.lines().forEach(progress::note);
        }
    }
}
