package dev.wellspring.run.score;

import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentSource;
import java.nio.file.Path;
import java.util.List;

/// Adds BM25 scores to a run that was finished without them.
public final class Bm25Run {
    private final RunContext context;

    public Bm25Run(RunContext context) {
        this.context = context;
    }

    /// Does what is left to do. The run's own files stay as they are, but for a finding in its manifest.
    ///
    /// @param documents those of the run, in its order
    /// @param queries those of the run, in its order
    /// @param shards beside those of the run
    /// @throws RunRefusedException when the number of documents is another, or another process works in the folder
    /// @throws CancelledException when the user asked to stop
    public void run(Path run, DocumentSource documents, List<QueryInput> queries, Bm25Shards shards) {
        try (RunFolder folder = RunFolder.open(run, Manifest.read(run))) {
            Stages.run(new Bm25Stage(context, documents, queries, shards, folder), context, folder);
            folder.complete();
        }
    }
}
