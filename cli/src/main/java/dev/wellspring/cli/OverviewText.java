package dev.wellspring.cli;

import dev.wellspring.cli.report.Overview;
import dev.wellspring.cli.report.QueryRanking;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.QueryTokenScores;
import dev.wellspring.store.scores.ScoreFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says in sentences what a run is, and what its scores do not cover.
///
/// @param factors the manifest of the factors, or null where they are not known
/// @param documents how many the run has scored, of which the folder may hold those at the ends of rankings only
/// @param exact whether a search's documents were scored again, exactly
/// @param texts whether the report has whole texts
/// @param queryTokens what the run keeps of the scores of query tokens
record OverviewText(
        Manifest manifest,
        @Nullable Manifest factors,
        ScoreFolder folder,
        long documents,
        List<ScoredQuery> queries,
        List<QueryRanking> rankings,
        Normalisation by,
        int k,
        boolean exact,
        boolean texts,
        QueryTokenScores queryTokens) {
    /// How many damaged batches are named.
    private static final int DAMAGED_NAMED = 5;

    /// @param accuracy what is known of how close a search's scores are to exact ones
    /// @param warnings what a reader should not overlook
    Overview overview(boolean everything, List<String> accuracy, List<String> warnings) {
        return new Overview(
                String.format(Locale.ROOT, "What %,d documents did to %,d completions", documents, queries.size()),
                lead(),
                warnings,
                leftOut(everything, accuracy),
                Overview.method(setting("damping")));
    }

    private List<String> lead() {
        String families = queries.stream().map(ScoredQuery::family).distinct().count() == 1 ? "family" : "families";
        return List.of(
                String.format(
                        Locale.ROOT,
                        "Which documents made a language model say this? For each of %,d completions, of %,d %s, this"
                                + " report ranks the documents by their influence: how much likelier the completion would"
                                + " be had the model learned a bit more from the document.",
                        queries.size(),
                        queries.stream().map(ScoredQuery::family).distinct().count(),
                        families),
                String.format(
                        Locale.ROOT,
                        "Scores are in nats per unit weight of the document. Positive: training more on the document makes"
                                + " the completion likelier; negative: less likely. Documents are ranked by %s, and the %,d at"
                                + " either end of every ranking are here. Curvature: %s, damping %s, modules %s.",
                        by == Normalisation.NORMALISED
                                ? "influence per nat of the query and unit of the document's gradient norm"
                                : "raw influence",
                        k,
                        setting("curvature"),
                        setting("damping"),
                        setting("modules")));
    }

    private List<String> leftOut(boolean everything, List<String> accuracy) {
        List<String> lines = new ArrayList<>();
        lines.add(skipped());
        if (manifest.settings().containsKey("max-tokens")) {
            lines.add("Documents of more than " + setting("max-tokens")
                    + " tokens were split into parts, which are ranked one by one; nothing was cut off.");
        }
        lines.add("Only the weights of the modules '" + setting("modules") + "' count. " + coverage());
        lines.add(compression());
        if (manifest.results().get("damaged_batches") instanceof List<?> damaged && !damaged.isEmpty()) {
            lines.add(damaged(damaged));
        }
        long not = rankings.stream().mapToLong(QueryRanking::notRanked).max().orElse(0);
        if (everything && not > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Up to %,d documents of a query have no such score, because its loss or their gradient is zero; they are"
                            + " not ranked.",
                    not));
        }
        if (!everything) {
            lines.add("This run keeps the ends of its rankings only: ranks by other measures and the figures over all"
                    + " documents are missing. Search again with --all-scores to have them.");
        }
        lines.addAll(accuracy);
        if (!folder.hasBm25()) {
            lines.add("There are no BM25 scores to compare with; 'wellspring baselines' adds them.");
        }
        if (!folder.layout().tokenScores()) {
            lines.add("Which words of a document matter is not shown: the run was made without --token-scores.");
        } else if (!texts) {
            lines.add("Which words of a document matter is not shown: the report was made without --model and"
                    + " --documents, which have the words.");
        }
        queryTokensLeftOut().ifPresent(lines::add);
        if (folder.layout().modules().isEmpty()) {
            lines.add("Which modules carry the influence is not shown: the run was made without --module-scores.");
        }
        return lines;
    }

    /// What is missing of the words of queries.
    private Optional<String> queryTokensLeftOut() {
        if (queryTokens.isEmpty()) {
            return Optional.of("Which words of a query documents answer to is not shown: the run was made without "
                    + (isSearch() && !exact ? "--rescore and --query-token-scores." : "--query-token-scores.")
                    + (isSearch() && !exact ? "" : " Its command given again with that adds it."));
        }
        return queryTokens.ends() >= k
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Which words of a query a document answers to is known of the %,d documents at either end only: the"
                                + " run was made with --query-token-scores %d.",
                        queryTokens.ends(),
                        queryTokens.ends()));
    }

    /// What share of the gradient the tracked modules have, as `fit` measured it.
    private String coverage() {
        return factors != null
                        && factors.results().get("coverage") instanceof Map<?, ?> found
                        && found.get("tracked_share_of_squared_gradient_norm") instanceof Number share
                        && found.get("tracked_parameters") instanceof Number tracked
                        && found.get("untracked_linear_parameters") instanceof Number untracked
                        && found.get("other_parameters") instanceof Number others
                ? String.format(
                        Locale.ROOT,
                        "They have %.1f %% of the squared gradient norm of all linear maps; not seen are %,d parameters of other"
                                + " linear maps and %,d of embeddings, norms and the language-model head, beside %,d that are.",
                        100 * share.doubleValue(),
                        untracked.longValue(),
                        others.longValue(),
                        tracked.longValue())
                : "What other weights have learned is not seen; with --factors, this says what share of the gradient that"
                        + " is.";
    }

    private String skipped() {
        if (manifest.results().get("skipped_documents") instanceof Map<?, ?> reasons) {
            return reasons.isEmpty()
                    ? "No document was skipped."
                    : "Documents that predict nothing were skipped: "
                            + reasons.entrySet().stream()
                                    .map(reason -> reason.getValue() + " " + reason.getKey())
                                    .collect(Collectors.joining(", "))
                            + ".";
        }
        if (isSearch()) {
            return "Documents that are not in the gradient store are not ranked; how many were skipped when it was made"
                    + " is not known here.";
        }
        return manifest.complete()
                ? "How many documents were skipped is not known; the run has not recorded it."
                : "How many documents are skipped is not known yet; the run goes on.";
    }

    /// @param batches their names, at least one
    private static String damaged(List<?> batches) {
        String named =
                batches.stream().limit(DAMAGED_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%,d damaged %s of the gradient store %s left out, and the documents in %s are not ranked (%s%s).",
                batches.size(),
                batches.size() == 1 ? "batch" : "batches",
                batches.size() == 1 ? "was" : "were",
                batches.size() == 1 ? "it" : "them",
                named,
                batches.size() > DAMAGED_NAMED ? ", …" : "");
    }

    /// Whether the scores are products with the gradients of a store.
    private boolean isSearch() {
        return manifest.inputs().containsKey("store");
    }

    private String compression() {
        if (isSearch()) {
            return "Documents were found by their gradients in the gradient store, in the compression and precision that"
                    + " it was made with ('wellspring store describe' says which); "
                    + (exact ? "those shown were then scored again, exactly." : "their scores are by these gradients.");
        }
        double worst = queries.stream()
                .mapToDouble(ScoredQuery::compressionError)
                .max()
                .orElse(0);
        if (setting("rank").equals("full") || worst == 0) {
            return "The queries' gradients were kept in full.";
        }
        return String.format(
                Locale.ROOT,
                "The queries' gradients were compressed to rank %s, which changed them by up to %.2g %%.",
                setting("rank"),
                100 * worst);
    }

    private String setting(String name) {
        return manifest.settings().getOrDefault(name, "not recorded");
    }
}
