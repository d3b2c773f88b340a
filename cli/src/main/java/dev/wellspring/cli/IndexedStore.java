package dev.wellspring.cli;

import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.index.IndexRun;
import dev.wellspring.store.gradients.GradientSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The check that every verb makes that reads a store.
final class IndexedStore {
    private IndexedStore() {}

    /// @throws RunRefusedException when the folder holds no store that readers may see
    static Manifest require(Path store) {
        Manifest manifest = Manifest.read(store);
        if (!manifest.kind().equals(IndexRun.KIND)) {
            throw new RunRefusedException(store + ": expected a gradient store, found " + manifest.kind()
                    + "; give the folder of 'wellspring index'");
        }
        if (!manifest.complete()) {
            throw new RunRefusedException(store
                    + ": expected a finished store, found an unfinished one; give its command again to finish it");
        }
        return manifest;
    }

    /// @throws RunRefusedException when it is of another model, or a file beside its shards is damaged
    static Manifest require(Path store, Checkpoint checkpoint) throws IOException {
        Manifest manifest = require(store);
        if (!checkpoint.digest().equals(manifest.inputs().get("model"))) {
            throw new RunRefusedException(store
                    + ": expected a store of the model given, found that of another checkpoint; give its --model, or"
                    + " index with this one");
        }
        List<String> problems = damage(store, manifest);
        if (!problems.isEmpty()) {
            throw new RunRefusedException(problems.getFirst());
        }
        return manifest;
    }

    /// What is wrong beside the shards, one line each.
    static List<String> damage(Path store, Manifest manifest) {
        return IndexRun.damage(
                store, manifest, GradientSnapshot.read(store).layout().store());
    }
}
