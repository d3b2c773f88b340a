package dev.wellspring.cli;

import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.ScoreRun;
import dev.wellspring.run.search.SearchRun;
import dev.wellspring.store.scores.ScoreFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The check that every verb makes that reads a run.
final class FinishedScores {
    private static final String EVERY_DOCUMENT = "all";

    private FinishedScores() {}

    /// How many documents the run keeps at either end of its rankings: a search keeps no others, unless it was asked
    /// to.
    static int kept(Manifest manifest) {
        String kept = manifest.settings().getOrDefault(SearchRun.KEEP, EVERY_DOCUMENT);
        return kept.equals(EVERY_DOCUMENT) ? Integer.MAX_VALUE : Integer.parseInt(kept);
    }

    /// How many documents the run has scored so far, of which a search may keep those at the ends of its
    /// rankings only.
    ///
    /// @param folder what it keeps of them
    static long scored(Manifest manifest, ScoreFolder folder) {
        return manifest.results().get("documents") instanceof Number documents
                ? documents.longValue()
                : folder.rowCount();
    }

    /// The largest number of tokens that a document may have and still be one piece.
    ///
    /// @throws RunRefusedException when the documents of one store were split at several lengths
    static int longestChunk(Manifest manifest) {
        String longest = manifest.settings()
                .getOrDefault(ScoreRun.MAX_TOKENS, Integer.toString(Tokenisation.DEFAULT_MAX_TOKENS));
        if (!longest.matches("\\d{1,9}")) {
            throw new RunRefusedException(
                    "--documents: expected a run whose documents were all split at one --max-tokens," + " found "
                            + longest + "; search a store of one length");
        }
        return Integer.parseInt(longest);
    }

    /// Whether nothing more will come: the scores are there, and where a search was to score some documents again,
    /// exactly, that is done as well.
    static boolean areWhole(Path run, Manifest manifest) {
        boolean again = Stream.of("rescore", "sample")
                .anyMatch(setting ->
                        !manifest.settings().getOrDefault(setting, "0").equals("0"));
        return manifest.complete() && (!again || Files.exists(run.resolve(Accuracy.FILE)));
    }

    /// @param option what needs them, for the message
    /// @throws RunRefusedException when the run does not hold the scores of every document
    static void requireEveryDocument(Path run, Manifest manifest, String option) {
        if (kept(manifest) != Integer.MAX_VALUE) {
            throw new RunRefusedException(option + ": expected the scores of every document, found only the ends of the"
                    + " rankings in " + run + "; search again with --all-scores");
        }
    }

    /// @throws RunRefusedException when the folder does not hold a score run, finished or not
    static Manifest requireKind(Path run) {
        Manifest manifest = Manifest.read(run);
        if (!manifest.kind().equals(ScoreRun.KIND)) {
            throw new RunRefusedException(
                    run + ": expected scores, found " + manifest.kind() + "; give the folder of 'wellspring score'");
        }
        return manifest;
    }

    /// @throws RunRefusedException when the folder does not hold a finished score run
    static Manifest require(Path run) {
        Manifest manifest = requireKind(run);
        if (!manifest.complete()) {
            throw new RunRefusedException(
                    run + ": expected a finished run, found an unfinished one; give its command again to finish it");
        }
        return manifest;
    }
}
