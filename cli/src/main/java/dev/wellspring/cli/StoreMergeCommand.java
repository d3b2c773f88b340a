package dev.wellspring.cli;

import dev.wellspring.run.index.MergedStore;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.StoreMerge;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring store merge`: one store of several.
@Command(
        name = "merge",
        header = "Make one store of several with the same model, factors and settings.",
        description = {
            "",
            "Files are linked where the system can, else copied; the stores they come from stay as they are.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  wellspring store merge store-a store-b --out store")
final class StoreMergeCommand implements Callable<Integer> {
    @ParentCommand
    private StoreCommand parent;

    @Parameters(arity = "2..*", paramLabel = "STORE", description = "Folders of 'wellspring index'.")
    private List<Path> stores = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new or empty folder.")
    private Path out;

    @Option(names = "--disk", paramLabel = "DIR", description = "A folder that takes shards; may be repeated.")
    private List<Path> disks = List.of();

    @Override
    public Integer call() {
        stores.forEach(IndexedStore::require);
        GradientSnapshot merged = MergedStore.make(
                stores,
                out,
                store -> GradientSnapshot.read(store).shards().size(),
                () -> StoreMerge.merge(out, disks, stores));
        parent.out()
                .println(out + ": " + merged.documents() + " documents in "
                        + merged.shards().size() + " shards");
        return ExitStatus.DONE;
    }
}
