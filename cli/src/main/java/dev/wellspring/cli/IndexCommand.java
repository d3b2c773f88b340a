package dev.wellspring.cli;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.gradient.Compression;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.index.IndexRun;
import dev.wellspring.run.index.IndexSettings;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring index`: the gradients of documents, kept for queries to come.
@Command(
        name = "index",
        header = "Keep the gradients of documents, so that new queries need no pass over them.",
        description = {
            "",
            "Gradients are turned into the eigenbasis of the factors, made smaller, and stored; damping, strategy and"
                    + " modules are chosen when queries come. Started again after a stop, it goes on. 'wellspring"
                    + " search' reads the store, 'wellspring store' looks after it.",
            "",
            "--compression says what is kept of each module's gradient: full (exact, for small models),"
                    + " truncate:N (the leading eigenvectors that give N numbers), project:N (a random projection to N"
                    + " numbers), factor:N:R (leading eigenvectors, then the best approximation of rank R).",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring index --model pythia-160m --factors factors \\",
            "                   --documents corpus/*.jsonl.zst --out store",
            "  wellspring index --model pythia-160m --factors factors --documents corpus/*.jsonl.zst \\",
            "                   --compression truncate:1024 --precision bfloat16 \\",
            "                   --out store --disk /mnt/a --disk /mnt/b",
            "  wellspring search --store store --model pythia-160m --queries queries.jsonl --out run"
        })
final class IndexCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--factors",
            required = true,
            paramLabel = "DIR",
            description = "Factors that 'wellspring fit' made with ekfac or kfac, or kronfluence's.")
    private Path factors;

    @Mixin
    private DocumentOptions documents = new DocumentOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of the store.")
    private Path out;

    @Option(
            names = "--disk",
            paramLabel = "DIR",
            description = "A folder that takes shards, in proportion to its free bytes; may be repeated, one for each"
                    + " disk. Default: the store's own.")
    private List<Path> disks = List.of();

    @Option(
            names = "--append",
            description = "Add the documents to a store that holds others. Readers see them when all are there.")
    private boolean append;

    @Option(
            names = "--compression",
            paramLabel = "HOW",
            defaultValue = "factor:4096:4",
            converter = Converters.CompressionValue.class,
            description = Compression.WORDS + ", for each document and module. Default: ${DEFAULT-VALUE}.")
    private Compression compression = new Compression.Factors(4096, 4);

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "int8",
            description = "float64, float32, bfloat16 or int8. Default: ${DEFAULT-VALUE}.")
    private Precision precision = Precision.INT8;

    @Option(
            names = "--modules",
            paramLabel = "WHICH",
            description =
                    "Which linear maps are stored: mlp, all, or a regular expression. Default: what the factors were"
                            + " fitted for, else mlp.")
    private @Nullable String modules;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            defaultValue = "64M",
            description = "How large a file gets, about; one for each disk is in memory. Default: ${DEFAULT-VALUE}.")
    private MemorySize shardSize = MemorySize.parse("64M");

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws IOException {
        try (RunScope scope = wellspring.open(run);
                Checkpoint checkpoint = Checkpoint.open(model.model);
                Tokenizer tokenizer = Tokenizer.open(model.model);
                Engine engine = new Engine(scope, compute)) {
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            FittedFactors fitted = FittedFactors.of(factors, checkpoint, CurvatureStrategy.EKFAC, modules);
            var inputs = new IndexRun.Inputs(checkpoint, factors, fitted.digest(), documents.open(tokenizer, config));
            var settings = new IndexSettings(
                    compression,
                    precision,
                    new ModuleSelection(fitted.modules()),
                    documents.maxTokens(config),
                    compute.dtype,
                    engine.budget(run, config),
                    shardSize.bytes(),
                    run.seed,
                    append);
            Findings.note(
                    new IndexRun(engine.context(), settings)
                            .run(inputs, out, (store, layout) -> new IndexedShards(store, layout, disks)),
                    scope.progress());
        }
        wellspring.terminal().out().println(out);
        return ExitStatus.DONE;
    }
}
