package dev.wellspring.cli;

import dev.wellspring.store.gradients.LostRows;
import dev.wellspring.store.gradients.StoreRepair;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring store repair`: a store without what is broken.
@Command(
        name = "repair",
        header = "Drop the documents of broken batches, and say which.",
        description = {
            "",
            "Shards with broken batches are written anew without them; the old file goes when the new one is whole. What"
                    + " was dropped is printed, so that it can be indexed again with 'wellspring index --append'.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  wellspring store verify store || wellspring store repair store")
final class StoreRepairCommand implements Callable<Integer> {
    @ParentCommand
    private StoreCommand parent;

    @Parameters(paramLabel = "STORE", description = "The folder of 'wellspring index'.")
    private Path store;

    @Override
    public Integer call() {
        IndexedStore.require(store);
        List<StoreRepair.Repaired> repaired = StoreRepair.drop(store);
        repaired.stream()
                .flatMap(shard -> shard.lost().stream())
                .map(LostRows::description)
                .forEach(line -> parent.out().println("dropped " + line));
        parent.out()
                .println(
                        repaired.isEmpty()
                                ? store + ": nothing to repair"
                                : store + ": " + repaired.size() + " shards written anew");
        return ExitStatus.DONE;
    }
}
