package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.StoreVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring store verify`: reads every byte.
@Command(
        name = "verify",
        header = "Read every byte of a store and compare every checksum.",
        description = {
            "",
            "Prints a line for each problem, which names the shard's file and the batch; exit status 1 if there is one.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  wellspring store verify store && wellspring search --store store ...")
final class StoreVerifyCommand implements Callable<Integer> {
    @ParentCommand
    private StoreCommand parent;

    @Parameters(paramLabel = "STORE", description = "The folder of 'wellspring index'.")
    private Path store;

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Override
    public Integer call() {
        Manifest manifest = IndexedStore.require(store);
        long documents = GradientSnapshot.read(store).documents();
        List<String> problems = new ArrayList<>();
        try (RunScope scope = parent.open(progress)) {
            scope.progress().start("verify", documents, "documents");
            problems.addAll(IndexedStore.damage(store, manifest));
            problems.addAll(StoreVerifier.verify(store, shard -> {
                scope.progress().advance(shard.documents(), 0);
                scope.cancellation().check("shard " + shard.shard());
            }));
            scope.progress().finish();
        }
        problems.forEach(parent.out()::println);
        if (problems.isEmpty()) {
            parent.out().println(store + ": " + documents + " documents, every checksum holds");
            return ExitStatus.DONE;
        }
        return ExitStatus.FAILED;
    }
}
