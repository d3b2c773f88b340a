package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunFolder;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.LostRows;
import dev.wellspring.store.gradients.ShardEntry;
import dev.wellspring.store.gradients.StoreRepair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring store repair`: a store without what is broken, or with it computed again.
@Command(
        name = "repair",
        header = "Compute broken batches again, or drop their documents, and say which.",
        description = {
            "",
            "Shards with broken batches are written anew; the old file goes when the new one is whole.",
            "",
            "With --model their documents go through the model again, with the settings of the store. Where the damage"
                    + " has spared the token ids of a shard nothing else is needed; else they are read from"
                    + " --documents. On the machine that indexed them the bytes are those from before the damage, and"
                    + " a line says if they are not.",
            "",
            "Without --model the documents are dropped. Which they were is printed, so that they can be indexed again"
                    + " with 'wellspring index --append'.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring store verify store || \\",
            "  wellspring store repair store --model pythia-160m",
            "  wellspring store repair store --model pythia-160m \\",
            "                 --documents corpus/*.jsonl.zst --documents appended.jsonl",
            "  wellspring store repair store"
        })
final class StoreRepairCommand implements Callable<Integer> {
    @ParentCommand
    private StoreCommand parent;

    @Parameters(paramLabel = "STORE", description = "The folder of 'wellspring index'.")
    private Path store;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "The checkpoint that was indexed. Default: drop what is broken.")
    private @Nullable Path model;

    @Option(
            names = "--documents",
            arity = "1..*",
            paramLabel = "FILE",
            parameterConsumer = FileGroups.class,
            description =
                    "The files that were indexed, in their order; --documents again for what each --append added.")
    private List<List<Path>> documents = new ArrayList<>();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private MemoryOption memory = new MemoryOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    /// Keeps apart what was given at different times.
    static final class FileGroups implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
            List<Path> files = new ArrayList<>();
            while (!arguments.isEmpty() && !arguments.peek().startsWith("-")) {
                files.add(Path.of(arguments.pop()));
            }
            if (files.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(), "Missing required parameter for option '--documents' (FILE)");
            }
            option.<List<List<Path>>>getValue().add(files);
        }
    }

    @Override
    public Integer call() throws IOException {
        Manifest manifest = IndexedStore.require(store);
        if (model == null && !documents.isEmpty()) {
            throw new BadInputException("--model: expected the checkpoint that was indexed, to put --documents through,"
                    + " got none; give it, or leave --documents out to drop what is broken");
        }
        List<StoreRepair.Repaired> repaired;
        try (RunScope scope = parent.open(progress);
                RunFolder _ = RunFolder.open(store, manifest)) {
            GradientSnapshot snapshot = GradientSnapshot.read(store);
            scope.progress().start("repair", snapshot.documents(), "documents");
            Consumer<ShardEntry> checked = shard -> {
                scope.progress().advance(shard.documents(), 0);
                scope.cancellation().check("shards up to " + shard.shard());
            };
            repaired = model == null
                    ? StoreRepair.drop(store, checked)
                    : rebuild(model, scope, manifest, snapshot, checked);
            scope.progress().finish();
        }
        report(repaired);
        return ExitStatus.DONE;
    }

    private List<StoreRepair.Repaired> rebuild(
            Path folder, RunScope scope, Manifest manifest, GradientSnapshot snapshot, Consumer<ShardEntry> checked)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                Tokenizer tokenizer = Tokenizer.open(folder)) {
            IndexedStore.require(store, checkpoint);
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            try (var rows = new RebuiltRows(
                    scope,
                    checkpoint,
                    store,
                    manifest,
                    snapshot,
                    new IndexedDocuments(store, documents, tokenizer, config),
                    threads.count(),
                    new MemoryBudget(memory.size().bytes()))) {
                return StoreRepair.rebuild(store, rows, checked);
            }
        }
    }

    private void report(List<StoreRepair.Repaired> repaired) {
        String word = model == null ? "dropped " : "rebuilt ";
        repaired.stream()
                .flatMap(shard -> shard.lost().stream())
                .map(LostRows::description)
                .forEach(line -> parent.out().println(word + line));
        if (model != null) {
            repaired.stream()
                    .filter(shard -> !shard.isAsBefore())
                    .forEach(shard -> parent.out()
                            .println("shard " + shard.shard() + " has other bytes than before: its rows were computed"
                                    + " on another machine or by another version, and may differ by rounding"));
        }
        parent.out()
                .println(
                        repaired.isEmpty()
                                ? store + ": nothing to repair"
                                : store + ": " + repaired.size() + " shards written anew");
    }
}
