package dev.wellspring.run.index;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.GradientCompressor;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Builds a gradient store, or adds documents to one: the coordinates once, then one pass over the documents.
///
/// A store's folder has a manifest of model, factors and settings, which decide its coordinates, and for every set of
/// documents a folder `additions/00000` with a manifest of its own. Readers see a set when all of it is there.
public final class IndexRun {
    /// The word in the manifest for what the folder holds.
    public static final String KIND = "gradients";

    /// Token ids, text and counts of a document, about.
    private static final int BYTES_BESIDE = 4096;

    private final RunContext context;
    private final IndexSettings settings;

    public IndexRun(RunContext context, IndexSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /// What the store is made from.
    ///
    /// @param factors the folder of `fit`
    /// @param factorsDigest what is in it
    public record Inputs(Checkpoint checkpoint, Path factors, String factorsDigest, DocumentSource documents) {}

    /// Opens the place for shards once their layout is known.
    @FunctionalInterface
    public interface ShardsFactory {
        /// @param store the folder
        GradientShards open(Path store, GradientLayout layout);
    }

    /// Does what is left to do, and returns the store's manifest.
    ///
    /// @throws RunRefusedException when the folder holds another store, or other documents and none may be added
    /// @throws CancelledException when the user asked to stop
    public Manifest run(Inputs inputs, Path out, ShardsFactory factory) throws IOException {
        DecoderConfig config = DecoderConfig.read(inputs.checkpoint().config());
        List<LinearModule> modules = List.copyOf(settings.modules().select(config.modules()));
        var factors = new FactorFiles(inputs.factors());
        requireEigenbasis(factors, modules);
        try (RunFolder store = RunFolder.open(out, manifest(inputs))) {
            Stages.run(new BasisStage(context, factors, modules, settings, store), context, store);
            var layout =
                    new GradientLayout(store.manifest().identity(), BasisStage.stored(store), settings.precision());
            add(inputs, config, modules, layout, factory.open(out, layout), store);
            if (!store.manifest().complete()) {
                store.complete();
            }
            return store.manifest();
        }
    }

    /// Compares what belongs to a store beside its shards with what its manifest says.
    ///
    /// @param manifest of the store
    /// @param identity that its shards carry
    /// @return a line for each difference, which names the file; none if all is well
    public static List<String> damage(Path store, Manifest manifest, String identity) {
        List<String> problems = new ArrayList<>();
        if (!manifest.identity().equals(identity)) {
            problems.add(store.resolve(Manifest.FILE)
                    + ": is damaged, or of another store: its inputs and settings are not those of the shards; put the"
                    + " right one back, or index again");
        }
        Path basis = store.resolve(BasisFile.NAME);
        try {
            if (!new BasisFile(basis).digest().equals(manifest.results().get(BasisStage.DIGEST))) {
                problems.add(basis + ": is damaged, or of another store: its digest is not that in " + Manifest.FILE
                        + "; put the right one back, or index again");
            }
        } catch (IOException failure) {
            problems.add(basis + ": cannot be read (" + failure + "); put it back, or index again");
        }
        return problems;
    }

    private void add(
            Inputs inputs,
            DecoderConfig config,
            List<LinearModule> modules,
            GradientLayout layout,
            GradientShards shards,
            RunFolder store)
            throws IOException {
        int longest = settings.maxTokens() - 1;
        int rows = settings.memory()
                .batchRows(longest, count -> settings.memory().workingBytes(config, settings.type(), count, longest));
        Sharding sharding = sharding(rows, layout);
        var capacity = new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
        settings.memory()
                .require(
                        "gradients of a batch and a shard at " + settings.compression(),
                        settings.memory().workingBytes(config, settings.type(), rows, longest)
                                + GradientCompressor.byteSize(modules, layout, capacity, settings.type())
                                + (2L + shards.disks().size()) * settings.shardBytes());
        Manifest wanted = Addition.manifest(
                context.version(),
                inputs.documents().digest(),
                context.algebra().name(),
                settings.maxTokens(),
                sharding);
        try (RunFolder own = RunFolder.open(place(store.path(), wanted), wanted)) {
            if (own.manifest().complete()) {
                context.progress().note(store.path() + ": these documents are in it already, nothing to do");
                return;
            }
            try (Decoder decoder = context.load(inputs.checkpoint(), settings.type(), rows)) {
                var basis = new BasisFile(store.resolve(BasisFile.NAME));
                Stages.run(
                        new IndexStage(
                                context,
                                decoder,
                                inputs.documents(),
                                modules,
                                layout,
                                basis,
                                sharding,
                                settings,
                                shards,
                                own),
                        context,
                        own);
            }
            own.complete();
        }
    }

    private Sharding sharding(int rows, GradientLayout layout) {
        long chunks = Math.max(1, settings.shardBytes() / (layout.bytesPerDocument() + BYTES_BESIDE));
        return Addition.sharding(rows, chunks);
    }

    /// The folder of the documents at hand: the one that holds or began them, else a new one.
    private Path place(Path store, Manifest wanted) {
        for (int number = 0; ; number++) {
            Path folder = Addition.folder(store, number);
            if (!Files.exists(folder.resolve(Manifest.FILE))) {
                if (number > 0 && !settings.append()) {
                    throw new RunRefusedException(
                            store + ": holds other documents; give --append to add these, or another --out");
                }
                return folder;
            }
            Manifest found = Manifest.read(folder);
            if (found.differences(wanted).isEmpty()) {
                return folder;
            }
            if (!found.complete()) {
                throw new RunRefusedException(store + ": holds documents whose indexing is unfinished ("
                        + String.join("; ", found.differences(wanted))
                        + "); give their command again to finish it first");
            }
        }
    }

    private static void requireEigenbasis(FactorFiles factors, List<LinearModule> modules) throws IOException {
        boolean measured = Files.isRegularFile(factors.file(FactorKind.LAMBDA_MATRIX));
        factors.require(CurvatureStrategy.KFAC, modules);
        if (measured) {
            factors.require(CurvatureStrategy.EKFAC, modules);
        }
    }

    /// What decides the store's coordinates.
    private Manifest manifest(Inputs inputs) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        digests.put("model", inputs.checkpoint().digest());
        digests.put("factors", inputs.factorsDigest());
        Map<String, String> chosen = new TreeMap<>();
        chosen.put("compression", settings.compression().toString());
        chosen.put("precision", settings.precision().word());
        chosen.put("modules", settings.modules().text());
        chosen.put("seed", Long.toString(settings.seed()));
        chosen.put("dtype", settings.type().name().toLowerCase(Locale.ROOT));
        return Manifest.of(KIND, context.version(), digests, chosen);
    }
}
