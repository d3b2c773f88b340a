package dev.wellspring.cli;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.model.TinyCheckpoint;
import dev.wellspring.store.gradients.GradientShardWriter;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.GradientStoreWriter;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A store of as many documents as anybody wants, made by program and not by a model; everything else about it is what
/// `fit` and `index` make for a small model: manifest, coordinates, shards, snapshots. `search` cannot tell.
///
/// Document number n is the same in every store: 4,096 numbers from −127 to 127 times a power of two, which all
/// precisions
/// hold exactly, so that all give the same scores up to the kernels' rounding.
final class SyntheticStore {
    /// The numbers that are kept of a document.
    static final int DIMENSIONS = 64 * 64;

    private static final int TOKENS = 128;
    private static final int VOCABULARY = 384; // that of the embedded example's tokenizer
    /// As `index` makes them.
    private static final long SHARD_BYTES = 64L << 20;

    private static final int BYTES_BESIDE = 4096;
    private static final String CONFIG = """
            {"model_type": "llama", "vocab_size": 384, "hidden_size": 64, "intermediate_size": 64, "head_dim": 16,
             "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 1e-6,
             "hidden_act": "silu", "tie_word_embeddings": false, "max_position_embeddings": 128, "rope_theta": 10000.0}
            """;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final GradientLayout layout;
    private long documents;

    private SyntheticStore(Path folder, GradientLayout layout) {
        this.folder = folder;
        this.layout = layout;
    }

    /// Makes a model, fits it, indexes a document, and takes its shard away: a store without documents.
    ///
    /// @param folder new
    static SyntheticStore make(Path folder, Precision precision, int queries) throws IOException {
        Commands.copyDemo(folder, 0);
        Path model = folder.resolve("model");
        Files.delete(model.resolve("model.safetensors"));
        TinyCheckpoint.write(model, CONFIG, 1);
        Path fitted = folder.resolve("fitted.jsonl");
        Files.write(fitted, lines("document", 64));
        Files.write(folder.resolve("queries.jsonl"), lines("query", queries));
        Path factors = folder.resolve("factors");
        String module = ".*down_proj";
        Object[] common = {"--model", model, "--documents", fitted, "--modules", module, "--progress", "off"};
        run(common, "fit", "--out", factors);
        run(
                common,
                "index",
                "--factors",
                factors,
                "--out",
                store(folder),
                "--compression",
                "full",
                "--precision",
                precision.word());
        GradientLayout layout = GradientSnapshot.read(store(folder)).layout();
        for (String indexed : List.of("shards", "additions", GradientSnapshot.FILE, "disks.json")) {
            delete(store(folder).resolve(indexed));
        }
        return new SyntheticStore(folder, layout);
    }

    private static void run(Object[] common, Object... arguments) {
        Commands.succeed(Stream.concat(Stream.of(arguments), Stream.of(common)).toArray());
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }

    private static Path store(Path folder) {
        return folder.resolve("store");
    }

    /// Documents and queries for the model, of seeded token ids.
    private static List<String> lines(String kind, int count) {
        var random = new SplittableRandom(count);
        return IntStream.range(0, count)
                .mapToObj(i -> kind.equals("query")
                        ? String.format(
                                Locale.ROOT,
                                "{\"id\": \"q%03d\", \"kind\": \"factual\", \"family\": \"synthetic\","
                                        + " \"prompt_tokens\": %s, \"completion_tokens\": %s}",
                                i,
                                tokens(random, 12),
                                tokens(random, 8))
                        : String.format(Locale.ROOT, "{\"id\": \"d%03d\", \"tokens\": %s}", i, tokens(random, TOKENS)))
                .toList();
    }

    private static List<Integer> tokens(SplittableRandom random, int count) {
        return random.ints(count, 0, VOCABULARY).boxed().toList();
    }

    Path path() {
        return store(folder);
    }

    /// The command line of a search.
    ///
    /// @param run the folder of its scores
    Object[] searching(Path run, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("search", "--store", path(), "--out", run));
        arguments.addAll(List.of("--model", folder.resolve("model"), "--queries", folder.resolve("queries.jsonl")));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    long documents() {
        return documents;
    }

    /// What is under the checksums: the size of all shards.
    long bytes() {
        return GradientSnapshot.read(path()).bytes();
    }

    /// The files of all shards.
    List<Path> files() throws IOException {
        return StoreScene.shards(path());
    }

    /// Adds the documents up to a number, and commits them.
    ///
    /// @return the seconds that building and writing of shards took, without making up their numbers
    double growTo(long count) throws IOException {
        var writer = new GradientStoreWriter(path(), layout, List.of());
        long perShard = SHARD_BYTES / (layout.bytesPerDocument() + BYTES_BESIDE);
        int shard = writer.shards();
        long spent = 0;
        while (documents < count) {
            long end = Math.min(count, documents + perShard);
            List<byte[]> rows = LongStream.range(documents, end)
                    .mapToObj(SyntheticStore::numbers)
                    .toList();
            long begin = System.nanoTime();
            write(shard++, rows, writer.folders().getFirst());
            spent += System.nanoTime() - begin;
            documents = end;
        }
        writer.commit(shard);
        return spent / 1e9;
    }

    private void write(int shard, List<byte[]> rows, Path disk) throws IOException {
        byte[] bytes = new byte[DIMENSIONS * layout.precision().byteSize()];
        MemorySegment values = MemorySegment.ofArray(bytes);
        try (var sink = new GradientShardWriter(shard, layout)) {
            for (byte[] row : rows) {
                long number = documents + sink.documents();
                float scale = scale(number);
                encode(row, scale, values);
                float[] scales = layout.precision().hasScales() ? new float[] {scale} : new float[0];
                sink.write(document(number, row, scale), List.of(values), scales);
            }
            try (EncodedShard whole = sink.finish()) {
                whole.writeTo(disk);
            }
        }
    }

    private void encode(byte[] row, float scale, MemorySegment target) {
        switch (layout.precision()) {
            case INT8 -> MemorySegment.copy(row, 0, target, ValueLayout.JAVA_BYTE, 0, DIMENSIONS);
            case BFLOAT16 -> {
                for (int k = 0; k < DIMENSIONS; k++) {
                    target.set(SHORT, 2L * k, Bfloat16.fromDouble(row[k] * scale));
                }
            }
            case FLOAT32 -> {
                for (int k = 0; k < DIMENSIONS; k++) {
                    target.set(FLOAT, 4L * k, row[k] * scale);
                }
            }
            case FLOAT64 -> throw new IllegalArgumentException("precision: expected one for scanning, got float64");
        }
    }

    private static StoredDocument document(long number, byte[] row, float scale) {
        long squares = 0;
        for (byte value : row) {
            squares += value * value;
        }
        int[] tokens = new SplittableRandom(~number).ints(TOKENS, 0, VOCABULARY).toArray();
        return new StoredDocument(
                id(number),
                0,
                "synthetic",
                tokens,
                TOKENS * 3.0,
                Math.sqrt((double) squares) * scale,
                0,
                "a document that a program made up, number " + number,
                "{}");
    }

    static String id(long number) {
        return String.format(Locale.ROOT, "d%07d", number);
    }

    /// The number of a document.
    static long number(String id) {
        return Long.parseLong(id.substring(1));
    }

    /// Whole numbers from −127 to 127, (dimensions).
    static byte[] numbers(long document) {
        var random = new SplittableRandom(document);
        byte[] numbers = new byte[DIMENSIONS];
        random.nextBytes(numbers);
        for (int k = 0; k < DIMENSIONS; k++) {
            numbers[k] = (byte) Math.max(numbers[k], -127);
        }
        return numbers;
    }

    /// What they are multiples of.
    static float scale(long document) {
        return 1f / (128 << (document % 4));
    }
}
