package dev.wellspring.cli;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.run.Manifest;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.GradientStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring store describe`: what is in a store.
@Command(
        name = "describe",
        header = "Say what a store holds, where, and what it costs.",
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring store describe store", "  wellspring store describe store --format json"})
final class StoreDescribeCommand implements Callable<Integer> {
    @ParentCommand
    private StoreCommand parent;

    @Parameters(paramLabel = "STORE", description = "The folder of 'wellspring index'.")
    private Path store;

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        Manifest manifest = IndexedStore.require(store);
        GradientSnapshot snapshot = GradientSnapshot.read(store);
        List<String> disks;
        try (GradientStore open = GradientStore.open(store)) {
            disks = open.folders().stream().map(Path::toString).toList();
        }
        Map<String, Object> description = new LinkedHashMap<>();
        GradientLayout layout = snapshot.layout();
        description.put("documents", snapshot.documents());
        description.put("shards", snapshot.shards().size());
        description.put("bytes", snapshot.bytes());
        description.put("gradient_bytes_per_document", layout.bytesPerDocument());
        description.put("compression", manifest.settings().getOrDefault("compression", ""));
        description.put("precision", layout.precision().word());
        description.put("modules", layout.modules().size());
        description.put("disks", disks);
        description.put("identity", layout.store());
        description.put("digest", snapshot.digest());
        view.show(
                parent.out(),
                () -> description.forEach((name, value) -> parent.out().printf("%-28s %s%n", name, value)),
                () -> description);
        return ExitStatus.DONE;
    }
}
